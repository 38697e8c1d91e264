import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import type { Terminal } from '@farhand/shared/model/terminals';
import { GitFork, Plus, RotateCw, SquareTerminal } from 'lucide-react';
import { ApiError } from '@/client/api-error.ts';
import { useSeen } from '@/client/seen-store.ts';
import { useSession, useSessionsOf, useTerminalsOf, useWorkspace } from '@/client/state-store.ts';
import { openDialog } from '@/client/view-store.ts';
import { sessionStatus } from '@/features/workspaces/workspace-status.ts';
import { IconButton } from '@/ui/button.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { StatusMark } from '@/ui/status-mark.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { Jobs } from '../jobs/jobs-part.tsx';
import { showNewSession } from '../panes/pane-actions.ts';
import { openPane, useActivePane } from '../panes/pane-host.ts';
import { usePaneTitle } from '../panes/pane-title.ts';
import { terminalStatus } from '../panes/terminal-status.ts';
import { agentName } from '../sessions/agent-name.ts';
import { activityText } from '../terminals/activity-text.ts';
import { NewTerminalMenu } from '../terminals/new-terminal-menu.tsx';
import { formatCount } from '../transcript/amounts.ts';
import { exitStatus } from '../transcript/tool-line.ts';
import { ChangeList } from './change-list.tsx';
import { changeTotals } from './change-row.ts';
import { Part, Quiet } from './part.tsx';
import { useChanges } from './queries.ts';

/** What changed in a workspace, its sessions with their facts, its terminals, and its jobs on the host. */
export function Inspector({ workspaceId }: { readonly workspaceId: WorkspaceId }) {
  return (
    <div className="flex h-full flex-col overflow-y-auto">
      <Changes workspaceId={workspaceId} />
      <Sessions workspaceId={workspaceId} />
      <Terminals workspaceId={workspaceId} />
      <Jobs workspaceId={workspaceId} />
    </div>
  );
}

function Changes({ workspaceId }: { readonly workspaceId: WorkspaceId }) {
  const { data, error, refetch, isFetching } = useChanges(workspaceId);
  const totals = changeTotals(data?.files ?? []);
  const ahead = useWorkspace(workspaceId)?.changes?.ahead ?? 0;
  const refresh = (
    <>
      {data && data.files.length > 0 && (
        <span className="text-small tabular-nums">
          <span className="text-done">+{totals.additions}</span>{' '}
          <span className="text-failed">−{totals.deletions}</span>
        </span>
      )}
      <IconButton label="Look again" disabled={isFetching} onClick={() => void refetch()}>
        <RotateCw className="size-3.5" aria-hidden />
      </IconButton>
    </>
  );
  return (
    <Part title="Changes" count={data?.files.length} aside={refresh}>
      {error && (
        <div className="px-3">
          <InlineError error={ApiError.from(error)} />
        </div>
      )}
      {!data && !error && <ListSkeleton />}
      {data &&
        (data.files.length > 0 ? (
          <ChangeList workspaceId={workspaceId} files={data.files} />
        ) : (
          <Quiet>Nothing differs from what was sent.</Quiet>
        ))}
      {data?.truncated && <Quiet>More files changed than are listed.</Quiet>}
      {ahead > 0 && (
        <Quiet>
          {ahead} {ahead === 1 ? 'commit' : 'commits'} that only the host has
        </Quiet>
      )}
    </Part>
  );
}

function ListSkeleton() {
  return (
    <div className="flex flex-col gap-2 px-3 pb-2" aria-busy="true" aria-label="Loading the changes">
      <Skeleton className="h-4 w-4/5" />
      <Skeleton className="h-4 w-3/5" />
    </div>
  );
}

function Sessions({ workspaceId }: { readonly workspaceId: WorkspaceId }) {
  const sessions = useSessionsOf(workspaceId);
  const seen = useSeen();
  const add = (
    <IconButton label="New session" onClick={() => void showNewSession(workspaceId)}>
      <Plus className="size-3.5" aria-hidden />
    </IconButton>
  );
  return (
    <Part title="Sessions" count={sessions.length} aside={add}>
      {sessions.map((session) => (
        <div key={session.id} className="group/row flex items-center pr-2 hover:bg-hover">
          <button
            type="button"
            className="flex h-7 min-w-0 flex-1 items-center gap-2 px-3 text-left -outline-offset-2 phone:h-11"
            onClick={() => openPane({ kind: 'agent', workspaceId, sessionId: session.id })}
          >
            <StatusMark status={sessionStatus(session, seen)} />
            <span className="min-w-0 flex-1 truncate">{session.title || 'New session'}</span>
          </button>
          <IconButton
            label="Fork the session"
            className="opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 phone:opacity-100"
            onClick={() => openDialog({ kind: 'fork_workspace', workspaceId, sessionId: session.id })}
          >
            <GitFork className="size-3.5" aria-hidden />
          </IconButton>
        </div>
      ))}
      <Facts workspaceId={workspaceId} />
    </Part>
  );
}

const tokenFacts = ({
  input,
  cachedInput,
  output,
}: Session['usage']): readonly (readonly [string, string])[] => [
  [
    'Read',
    `${formatCount(input)} tokens${cachedInput > 0 ? `, ${formatCount(cachedInput)} from cache` : ''}`,
  ],
  ['Written', `${formatCount(output)} tokens`],
];

/** Agent, model and tokens of the session that has the keys. */
function Facts({ workspaceId }: { readonly workspaceId: WorkspaceId }) {
  const active = useActivePane();
  const newest = useSessionsOf(workspaceId).at(-1);
  const shown = active?.kind === 'agent' ? active.sessionId : newest?.id;
  const session = useSession(shown ?? ('' as never));
  // Beside a terminal, whose session it is about could not be told.
  const isOther = active !== null && active.kind === 'terminal';
  if (isOther || !session || session.lastSeq === 0) return null;
  const { usage } = session;
  const facts: readonly (readonly [string, string])[] = [
    ['Agent', agentName(session.agent)],
    ...(session.model === null ? [] : [['Model', session.model] as const]),
    ...(usage.input + usage.output > 0 ? tokenFacts(usage) : []),
  ];
  return (
    <dl className="mx-3 mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 border-t border-hairline pt-2 text-small">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-text-3">{name}</dt>
          <dd className="min-w-0 truncate text-right text-text-2 tabular-nums" title={value}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function TerminalMark({ terminal, seen }: { readonly terminal: Terminal; readonly seen: Seen }) {
  const status = terminalStatus(terminal, seen);
  const note = activityText(terminal.activity);
  return status && note ? (
    <span title={note} className="inline-flex w-3.5 shrink-0 justify-center">
      <StatusMark status={status} label={note} />
    </span>
  ) : (
    <SquareTerminal className="size-3.5 shrink-0 text-text-3" aria-hidden />
  );
}

type Seen = ReturnType<typeof useSeen>;

function Terminals({ workspaceId }: { readonly workspaceId: WorkspaceId }) {
  const terminals = useTerminalsOf(workspaceId);
  const workspace = useWorkspace(workspaceId);
  const seen = useSeen();
  const add = workspace && <NewTerminalMenu workspace={workspace} />;
  return (
    <Part title="Terminals" count={terminals.length} aside={add}>
      {terminals.length === 0 && <Quiet>None is open.</Quiet>}
      {terminals.map((terminal) => (
        <TerminalRow key={terminal.id} terminal={terminal} seen={seen} />
      ))}
    </Part>
  );
}

function TerminalRow({ terminal, seen }: { readonly terminal: Terminal; readonly seen: Seen }) {
  const { workspaceId, id: terminalId, exit } = terminal;
  const pane = { kind: 'terminal', workspaceId, terminalId } as const;
  const { title } = usePaneTitle(pane, workspaceId);
  return (
    <button
      type="button"
      className="flex h-7 w-full items-center gap-2 px-3 text-left -outline-offset-2 hover:bg-hover phone:h-11"
      onClick={() => openPane(pane)}
    >
      <TerminalMark terminal={terminal} seen={seen} />
      <span className="min-w-0 flex-1 truncate">{title}</span>
      {exit && <span className="shrink-0 text-small text-text-3">{exitStatus(exit).label}</span>}
    </button>
  );
}
