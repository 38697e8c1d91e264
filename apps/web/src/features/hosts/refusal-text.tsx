import type { ConnectionState } from '@farhand/shared/model/hosts';
import { Hint } from '@/ui/hint.tsx';

type Refusal = Pick<Extract<ConnectionState, { state: 'refused' }>, 'code' | 'message' | 'hint'>;

/** Why a host refuses us, and what to do. */
export function RefusalText({ refusal: { code, message, hint } }: { readonly refusal: Refusal }) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <p className="break-words text-text">{message}</p>
      {hint && (
        <p className="break-words text-text-2">
          <Hint text={hint} />
        </p>
      )}
      <code className="text-micro text-text-2">{code}</code>
    </div>
  );
}
