import type { AuditVerdict } from '@farhand/shared/model/audit';
import { X } from 'lucide-react';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { IconButton } from '@/ui/button.tsx';
import { CopyButton } from '@/ui/copy-button.tsx';
import { StatusMark } from '@/ui/status-mark.tsx';
import { visibleText } from '../approvals/visible-text.ts';
import { InlineError } from '../composer/inline-error.tsx';

/** A look at the whole log, which takes some seconds of a long one. */
export interface Verify {
  readonly isRunning: boolean;
  readonly verdict: AuditVerdict | null;
  readonly error: ApiError | null;
  readonly run: () => void;
  readonly forget: () => void;
}

const NOTHING = { verdict: null, error: null };

export function useVerify(): Verify {
  const [isRunning, setIsRunning] = useState(false);
  const [found, setFound] = useState<Pick<Verify, 'verdict' | 'error'>>(NOTHING);
  const look = async () => {
    setIsRunning(true);
    setFound(NOTHING);
    try {
      setFound({ verdict: await call('audit.verify', {}), error: null });
    } catch (thrown) {
      setFound({ verdict: null, error: ApiError.from(thrown) });
    }
    setIsRunning(false);
  };
  return { isRunning, ...found, run: () => void look(), forget: () => setFound(NOTHING) };
}

const SHOWN_PROBLEMS = 8;

/** What it found. */
export function VerifyBar({ verify: { verdict, error, forget } }: { readonly verify: Verify }) {
  if (error)
    return (
      <div className="px-4 pt-2">
        <InlineError error={error} onClose={forget} />
      </div>
    );
  if (!verdict) return null;
  const { isWhole, problems, events, outputs, removedOutputs, head } = verdict;
  return (
    <div
      role={isWhole ? 'status' : 'alert'}
      className={`flex shrink-0 items-start gap-2 border-b border-hairline px-4 py-2 ${isWhole ? '' : 'bg-failed-wash'}`}
    >
      <StatusMark status={isWhole ? 'done' : 'failed'} label="" className="mt-1" />
      <div className="min-w-0 flex-1 break-words">
        <p className="font-medium">{isWhole ? 'The log is whole.' : 'The log is not whole.'}</p>
        <p className="text-small text-text-2">
          Looked at {events.toLocaleString('en')} events and {outputs.toLocaleString('en')} kept outputs.
          {removedOutputs > 0 &&
            ` ${removedOutputs.toLocaleString('en')} more are no longer kept, as the log says.`}
        </p>
        <ul className="mt-1 text-small">
          {problems.slice(0, SHOWN_PROBLEMS).map(({ text }) => (
            <li key={text}>{visibleText(text)}</li>
          ))}
          {problems.length > SHOWN_PROBLEMS && (
            <li>And {problems.length - SHOWN_PROBLEMS} more: run “farhand audit verify”.</li>
          )}
        </ul>
      </div>
      {head && (
        <CopyButton size="small" className="phone:h-11" text={`${head.seq}:${head.hash}`}>
          Copy the last hash
        </CopyButton>
      )}
      <IconButton label="Dismiss" onClick={forget}>
        <X className="size-3.5" aria-hidden />
      </IconButton>
    </div>
  );
}
