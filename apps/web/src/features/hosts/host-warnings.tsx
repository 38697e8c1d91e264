import type { HostId, HostWarning } from '@farhand/shared/model/hosts';
import { TriangleAlert } from 'lucide-react';
import { useHost } from '@/client/state-store.ts';
import { Hint } from '@/ui/hint.tsx';

const NONE: readonly HostWarning[] = [];

/** What a host warned of: nothing as a rule. */
export function useHostWarnings(hostId: HostId): readonly HostWarning[] {
  return useHost(hostId)?.warnings ?? NONE;
}

/** What a person should know of a host before work is left on it alone, with what helps. */
export function HostWarnings({ warnings }: { readonly warnings: readonly HostWarning[] }) {
  return (
    <ul aria-label="Warnings of the host" className="flex flex-col gap-2">
      {warnings.map(({ code, message, hint }) => (
        <li key={code} className="flex gap-2 text-small">
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0 text-blocked" />
          <div className="flex min-w-0 flex-col gap-0.5 break-words">
            <p className="text-text">{message}</p>
            {hint && (
              <p className="text-text-2">
                <Hint text={hint} />
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
