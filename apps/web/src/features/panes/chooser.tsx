import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import type { Terminal } from '@farhand/shared/model/terminals';
import { Bot, SquareTerminal } from 'lucide-react';
import { useState } from 'react';
import type { Entities } from '@/client/entities.ts';
import { useServerState } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { Input } from '@/ui/field.tsx';
import { StatusMark } from '@/ui/status-mark.tsx';
import { NewSession } from '../sessions/new-session.tsx';
import { type Pane, paneId } from './pane.ts';
import { showNewSession, showNewTerminal } from './pane-actions.ts';
import { usePaneTitle } from './pane-title.ts';

interface ChooserProps {
  /** Where something new can be made; null on a board. */
  readonly workspaceId: WorkspaceId | null;
  /** Panes that are open already. */
  readonly openIds: ReadonlySet<string>;
  onChoose(pane: Pane): void;
  onClose: (() => void) | null;
}

// Enough to pick from at a glance; the sidebar has them all.
const MOST_OFFERED = 12;

/** What an empty place of the grid can show: something new, or a session of this or another workspace. */
export function Chooser({ workspaceId, openIds, onChoose, onClose }: ChooserProps) {
  const isBoard = workspaceId === null;
  const [sought, setSought] = useState('');
  const offered = useServerState((state) => offeredPanes(state, { isBoard, openIds, sought }));
  return (
    <section
      aria-label="Choose what to show"
      className="flex h-full flex-col items-center overflow-y-auto bg-pane p-6"
    >
      <div className="m-auto flex w-full max-w-sm flex-col gap-3">
        <div className="flex flex-wrap gap-2">
          {workspaceId && (
            <>
              <Button onClick={() => void showNewSession(workspaceId)}>
                <Bot className="size-3.5" aria-hidden /> New session
              </Button>
              <Button onClick={() => void showNewTerminal(workspaceId)}>
                <SquareTerminal className="size-3.5" aria-hidden /> Terminal
              </Button>
            </>
          )}
          {!workspaceId && <h3 className="flex-1 font-semibold">What should stand here?</h3>}
          {onClose && (
            <Button variant="ghost" onClick={onClose}>
              Close
            </Button>
          )}
        </div>
        {workspaceId && <NewSession workspaceId={workspaceId} onOpen={onChoose} />}
        {isBoard && (
          <Input
            aria-label="Find a session or terminal"
            placeholder="Session, terminal or workspace"
            value={sought}
            onChange={({ target }) => setSought(target.value)}
          />
        )}
        {offered.length > 0 && (
          <ul className="flex flex-col" aria-label="Sessions">
            {offered.map((pane) => (
              <li key={paneId(pane)}>
                <OfferedRow pane={pane} onChoose={onChoose} />
              </li>
            ))}
          </ul>
        )}
        {isBoard && offered.length === 0 && (
          <p className="text-small text-text-3">
            {sought ? 'Nothing fits.' : 'Everything that is open stands here already.'}
          </p>
        )}
      </div>
    </section>
  );
}

function OfferedRow({ pane, onChoose }: { readonly pane: Pane; onChoose(pane: Pane): void }) {
  const { title, from, status } = usePaneTitle(pane, null);
  return (
    <button
      type="button"
      className="flex h-8 w-full items-center gap-2 rounded-ui px-2 text-left hover:bg-hover phone:h-11"
      onClick={() => onChoose(pane)}
    >
      {status ? (
        <StatusMark status={status} />
      ) : (
        <SquareTerminal className="size-3 text-text-3" aria-hidden />
      )}
      <span className="min-w-0 flex-1 truncate">{title}</span>
      <span className="max-w-[45%] shrink-0 truncate text-small text-text-3">{from}</span>
    </button>
  );
}

interface Wanted {
  readonly isBoard: boolean;
  readonly openIds: ReadonlySet<string>;
  readonly sought: string;
}

// A grid of one workspace has that one's terminals in its tabs already; a board begins with nothing.
function offeredPanes(
  { sessions, terminals, workspaces }: Pick<Entities, 'sessions' | 'terminals' | 'workspaces'>,
  { isBoard, openIds, sought }: Wanted,
): readonly Pane[] {
  const agents = Object.values(sessions)
    .filter(({ parent }) => parent?.kind !== 'subagent')
    .toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt));
  const found = [...agents, ...(isBoard ? Object.values(terminals) : [])].filter(
    ({ id, workspaceId, title }) =>
      workspaces[workspaceId]?.state === 'ready' &&
      !openIds.has(id) &&
      `${title} ${workspaces[workspaceId]?.name}`.toLowerCase().includes(sought.toLowerCase()),
  );
  return found.slice(0, MOST_OFFERED).map((one) => knownPane(one));
}

// Kept, so that a list that says the same is the same.
const panes = new Map<string, Pane>();

function knownPane(one: Session | Terminal): Pane {
  const { workspaceId } = one;
  const pane: Pane =
    panes.get(one.id) ??
    ('lastSeq' in one
      ? { kind: 'agent', workspaceId, sessionId: one.id }
      : { kind: 'terminal', workspaceId, terminalId: one.id });
  panes.set(one.id, pane);
  return pane;
}
