import type { RunId } from '@farhand/shared/model/ids';
import { call } from '@/client/call.ts';
import { useServerState } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { StatusMark } from '@/ui/status-mark.tsx';
import { showError } from '@/ui/toast.tsx';
import { ShownText } from '../approvals/shown-text.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { LazyApprovalCard } from '../inbox/need-card.tsx';
import { runStateText, runStatus } from './run-text.ts';
import { useRun } from './use-run.ts';

/** One run: how it stands, its question while it has one, and what it prints as it comes. */
export function RunView({ runId }: { readonly runId: RunId }) {
  const { run, stdout, stderr, isTruncated, error } = useRun(runId);
  const approval = useServerState((state) => (run?.approvalId ? state.approvals[run.approvalId] : undefined));
  if (error) return <InlineError error={error} />;
  if (!run) return null;
  const cancel = () =>
    call('run.cancel', { runId }).catch((thrown: unknown) => showError('It was not ended', thrown));
  return (
    <section aria-label="Run" className="flex flex-col gap-2" data-run={run.state}>
      <div className="flex items-center gap-2">
        <StatusMark status={runStatus(run)} />
        <span role="status" className="min-w-0 flex-1">
          {runStateText(run)}
        </span>
        {run.endedAt === null && (
          <Button size="small" className="phone:h-11" onClick={() => void cancel()}>
            {run.state === 'asking' ? 'Withdraw' : 'Stop'}
          </Button>
        )}
      </div>
      {run.error && <p className="break-words text-text-2">{run.error.message}</p>}
      {run.state === 'asking' && approval && <LazyApprovalCard approval={approval} compact />}
      <Printed label="Output" text={stdout} />
      <Printed label="Errors" text={stderr} />
      {isTruncated && <p className="text-small text-text-3">Only the first mebibyte is kept.</p>}
    </section>
  );
}

function Printed({ label, text }: { readonly label: string; readonly text: string }) {
  if (text === '') return null;
  return (
    <pre
      aria-label={label}
      className="max-h-60 overflow-auto rounded-ui border border-hairline bg-field p-2 font-mono text-small whitespace-pre-wrap break-words"
    >
      <ShownText text={text} />
    </pre>
  );
}
