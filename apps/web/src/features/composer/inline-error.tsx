import { X } from 'lucide-react';
import type { ApiError } from '@/client/api-error.ts';
import { CopyButton } from '@/features/transcript/copy-button.tsx';
import { IconButton } from '@/ui/button.tsx';
import { errorDetails } from '@/ui/toast.tsx';

/** What failed and the next step, where it failed; its facts can be copied. */
export function InlineError({ error, onClose }: { readonly error: ApiError; readonly onClose?: () => void }) {
  return (
    <div role="alert" className="mb-2 flex items-start gap-2 rounded-ui bg-failed-wash px-3 py-2">
      <div className="min-w-0 flex-1 break-words">
        <p className="text-text">{error.message}</p>
        {error.hint && <p className="text-text-2">{error.hint}</p>}
        <code className="text-small text-text-3">{error.code}</code>
      </div>
      <CopyButton text={() => errorDetails(error)} label="Copy details" />
      {onClose && (
        <IconButton label="Dismiss" onClick={onClose}>
          <X className="size-3.5" aria-hidden />
        </IconButton>
      )}
    </div>
  );
}
