import { askText } from '@farhand/shared/model/connection-text';
import type { HostId } from '@farhand/shared/model/hosts';
import type { Workspace, WorkspaceStep } from '@farhand/shared/model/workspaces';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { call } from '@/client/call.ts';
import { durationText } from '@/client/duration.ts';
import { load } from '@/client/load.ts';
import { useHost } from '@/client/state-store.ts';
import { useNow } from '@/client/use-now.ts';
import { openDialog, useView } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { CopyButton } from '@/ui/copy-button.tsx';
import { cx } from '@/ui/cx.ts';
import { Hint } from '@/ui/hint.tsx';
import { type Status, StatusMark } from '@/ui/status-mark.tsx';
import { showError } from '@/ui/toast.tsx';
import { hostName } from '../hosts/connection-text.ts';
import { HostWarnings, useHostWarnings } from '../hosts/host-warnings.tsx';
import { stepDurationMs, stepName, stepReport } from './step-text.ts';

const QuestionForm = dynamic(() => load(() => import('../hosts/question-form.tsx')), { ssr: false });
const KeyChangePanel = dynamic(
  () => load(() => import('../hosts/key-change-panel.tsx').then((module) => module.KeyChangePanel)),
  { ssr: false },
);

const MARKS: Readonly<Record<WorkspaceStep['state'], { status: Status; label: string }>> = {
  waiting: { status: 'idle', label: 'Waiting' },
  running: { status: 'working', label: 'Running' },
  done: { status: 'done', label: 'Done' },
  failed: { status: 'failed', label: 'Failed' },
  skipped: { status: 'idle', label: 'Not needed' },
};

/** The steps of making a workspace as they happen, with their times; a failed one with what to do. */
export function StepList({ workspace }: { readonly workspace: Workspace }) {
  return (
    <ol
      aria-label="Steps"
      className="flex flex-col divide-y divide-hairline rounded-ui border border-hairline bg-pane"
    >
      {workspace.steps.map((step) => (
        <Step key={step.name} workspace={workspace} step={step} />
      ))}
    </ol>
  );
}

function Step({ workspace, step }: { readonly workspace: Workspace; readonly step: WorkspaceStep }) {
  const isRunning = step.state === 'running';
  const now = useNow(100, isRunning);
  const duration = stepDurationMs(step, now);
  const isQuiet = step.state === 'waiting' || step.state === 'skipped';
  return (
    <li className="flex flex-col" aria-current={isRunning ? 'step' : undefined}>
      <div className="flex min-h-9 items-center gap-3 px-3 py-2">
        <StatusMark {...MARKS[step.state]} className={cx(isQuiet && 'opacity-50')} />
        <span className={cx('shrink-0', isQuiet ? 'text-text-3' : 'text-text')}>{stepName(step)}</span>
        <span className="min-w-0 flex-1 truncate text-small text-text-3" title={step.detail ?? undefined}>
          {step.state === 'skipped' ? (step.detail ?? 'not needed') : step.detail}
        </span>
        {duration !== null && step.state !== 'skipped' && (
          <span
            className={cx('shrink-0 text-small tabular-nums', isRunning ? 'text-working' : 'text-text-3')}
          >
            {durationText(duration)}
          </span>
        )}
      </div>
      {isRunning && <StepQuestion hostId={workspace.hostId} />}
      {step.name === 'connect' && step.state === 'done' && <StepWarnings hostId={workspace.hostId} />}
      {step.output && <StepOutput text={step.output} isOpen={isRunning || step.state === 'failed'} />}
      {step.state === 'failed' && <StepFailure workspace={workspace} step={step} />}
    </li>
  );
}

/** What the host asks while the step waits for it, unless the same stands in a dialog. */
function StepQuestion({ hostId }: { readonly hostId: HostId }) {
  const connection = useHost(hostId)?.connection;
  const isInDialog = useView((view) => view.dialog?.kind === 'answer_host');
  if (connection?.state !== 'asking' || isInDialog) return null;
  const { question } = connection;
  return (
    <section
      aria-label="Question of the host"
      className="flex flex-col gap-2 border-t border-hairline bg-blocked-wash px-3 py-3"
    >
      <h2 className="font-semibold text-text">
        {hostName(hostId)} {askText(question)}
      </h2>
      <QuestionForm key={question.id} hostId={hostId} question={question} />
    </section>
  );
}

function StepWarnings({ hostId }: { readonly hostId: HostId }) {
  const warnings = useHostWarnings(hostId);
  if (warnings.length === 0) return null;
  return (
    <div className="border-t border-hairline bg-blocked-wash px-3 py-2">
      <HostWarnings warnings={warnings} />
    </div>
  );
}

function StepOutput({ text, isOpen }: { readonly text: string; readonly isOpen: boolean }) {
  return (
    <details open={isOpen} className="border-t border-hairline">
      <summary className="px-3 py-1.5 text-small text-text-3 hover:text-text">
        Output of .farhand/init
      </summary>
      <pre
        // The newest line is the one that matters while it runs.
        ref={(element) => element?.scrollTo({ top: element.scrollHeight })}
        className="max-h-56 overflow-auto bg-field px-3 py-2 text-small break-words whitespace-pre-wrap text-text-2"
      >
        {text}
      </pre>
    </details>
  );
}

function StepFailure({ workspace, step }: { readonly workspace: Workspace; readonly step: WorkspaceStep }) {
  const [isAsking, setIsAsking] = useState(false);
  const retry = async () => {
    setIsAsking(true);
    await call('workspace.retry', { workspaceId: workspace.id }).catch((error: unknown) =>
      showError('Not retried', error),
    );
    setIsAsking(false);
  };
  const connection = useHost(workspace.hostId)?.connection;
  const keyChange = connection?.state === 'refused' ? connection.keyChange : null;
  return (
    <div role="alert" className="flex flex-col gap-3 border-t border-hairline bg-failed-wash px-3 py-3">
      {keyChange ? (
        <KeyChangePanel hostId={workspace.hostId} change={keyChange} />
      ) : (
        <StepError error={step.error} />
      )}
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" disabled={isAsking} onClick={() => void retry()}>
          Retry from this step
        </Button>
        <CopyButton text={stepReport(workspace, step)}>Copy details</CopyButton>
        <Button onClick={() => openDialog({ kind: 'delete_workspace', workspaceId: workspace.id })}>
          Remove
        </Button>
      </div>
    </div>
  );
}

function StepError({ error }: { readonly error: WorkspaceStep['error'] }) {
  return (
    <div className="flex flex-col gap-1">
      <p className="text-text">{error?.message ?? 'The step failed.'}</p>
      {error?.hint && (
        <p className="text-text-2">
          <Hint text={error.hint} />
        </p>
      )}
      {error && <code className="text-micro text-text-2">{error.code}</code>}
    </div>
  );
}
