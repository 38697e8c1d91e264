import type { Workspace } from '@farhand/shared/model/workspaces';
import { durationText } from '@/client/duration.ts';
import { useServerState } from '@/client/state-store.ts';
import { useNow } from '@/client/use-now.ts';
import { HostChip } from '../hosts/host-chip.tsx';
import { FirstMessageBox } from './first-message-box.tsx';
import { moveText } from './move-text.ts';
import { StepList } from './step-list.tsx';

// A workspace that moves was made long ago: its new making began with the first step.
const beganAt = ({ move, steps, createdAt }: Workspace): string =>
  (move && steps.find((step) => step.startedAt !== null)?.startedAt) ?? createdAt;

function elapsedMs(workspace: Workspace, now: number): number {
  const ends = workspace.steps.map((step) => step.endedAt).filter((at) => at !== null);
  const began = beganAt(workspace);
  const end = workspace.state === 'creating' ? now : Date.parse(ends.toSorted().at(-1) ?? began);
  return Math.max(0, end - Date.parse(began));
}

function originOf({ fork, baseBranch }: Workspace, forkedFrom: string | undefined): string {
  if (!fork) return `from ${baseBranch}`;
  return `forked from ${forkedFrom ?? 'a workspace that is gone'}`;
}

/** The main area of a workspace that is being made, or could not be made. */
export function StepsView({ workspace }: { readonly workspace: Workspace }) {
  const isMaking = workspace.state === 'creating';
  const moving = moveText(workspace);
  const now = useNow(100, isMaking);
  const forkedFrom = useServerState(({ workspaces }) =>
    workspace.fork ? workspaces[workspace.fork.workspaceId]?.name : undefined,
  );
  const done = workspace.steps.filter((step) => step.state === 'done' || step.state === 'skipped').length;
  return (
    <div className="h-full overflow-y-auto bg-pane">
      <div className="mx-auto flex max-w-2xl flex-col gap-6 px-6 py-12 phone:px-4 phone:py-6">
        <header className="flex flex-col gap-1">
          <h1 className="text-title font-semibold break-words">
            {moving?.title ?? (isMaking ? `Making ${workspace.name}` : `${workspace.name} could not be made`)}
          </h1>
          {moving && <p className="text-text-2">{moving.text}</p>}
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-small text-text-2">
            <HostChip hostId={workspace.hostId} className="text-small" />
            <span>{originOf(workspace, forkedFrom)}</span>
            <span className="tabular-nums">
              {done} of {workspace.steps.length} steps
            </span>
            {isMaking && <span className="tabular-nums">{durationText(elapsedMs(workspace, now))}</span>}
          </p>
        </header>
        <StepList workspace={workspace} />
        {!moving && !workspace.fork?.comparisonId && (
          <FirstMessageBox workspaceId={workspace.id} hasFailed={!isMaking} />
        )}
      </div>
    </div>
  );
}
