import { newId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import type { Terminal } from '@farhand/shared/model/terminals';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { describe, expect, it } from 'vitest';
import { busyPanes, nextShown } from './all-agents.ts';
import { MOST_PANES } from './boards.ts';
import { paneId } from './pane.ts';

const workspaceId = newId('workspace');
const workspaces = { [workspaceId]: { id: workspaceId, state: 'ready' } as Workspace };
let made = 0;
const session = (part: Partial<Session>): Session => {
  made += 1;
  return {
    id: newId('session'),
    workspaceId,
    agent: 'builtin',
    parent: null,
    lastSeq: 3,
    state: 'working',
    createdAt: `2026-01-01T00:00:${String(made).padStart(2, '0')}Z`,
    ...part,
  } as Session;
};
const terminal = (state: NonNullable<Terminal['activity']>['state'] | null): Terminal =>
  ({
    id: newId('terminal'),
    workspaceId,
    exit: null,
    activity: state && { state, text: null, isGuess: true, at: '2026-01-02T00:00:00Z' },
    createdAt: '2026-01-01T00:01:00Z',
  }) as Terminal;
const byId = <Value extends { id: string }>(values: readonly Value[]) =>
  Object.fromEntries(values.map((value) => [value.id, value]));
const known = (sessions: readonly Session[], terminals: readonly Terminal[] = [], seen = {}) => ({
  workspaces,
  sessions: byId(sessions),
  terminals: byId(terminals),
  seen,
});

describe('busyPanes', () => {
  it('shows what works or needs the person, oldest first, and no sub-agents', () => {
    const [working, blocked, unseen] = [
      session({}),
      session({ state: 'blocked' }),
      session({ state: 'done' }),
    ];
    const seenDone = session({ state: 'done' });
    const child = session({ parent: { sessionId: working.id, kind: 'subagent' } });
    const all = [unseen, session({ state: 'idle' }), child, seenDone, blocked, working];
    const shown = busyPanes(known(all, [], { [seenDone.id]: 3 }));
    expect(shown.map(paneId)).toEqual([working.id, blocked.id, unseen.id]);
  });

  it('shows terminals in which an agent is at work or waits, and no shells', () => {
    const [working, waits, shell] = [terminal('working'), terminal('blocked'), terminal(null)];
    expect(new Set(busyPanes(known([], [working, waits, shell])).map(paneId))).toEqual(
      new Set([working.id, waits.id]),
    );
    const seen = { [waits.id]: Date.parse('2026-01-02T00:00:00Z') };
    expect(busyPanes(known([], [waits], seen))).toEqual([]);
  });
});

describe('nextShown', () => {
  const none = new Set<string>();
  it('keeps a session whose turn ended where it stands, and adds new ones at the end', () => {
    const [first, second] = [session({}), session({})];
    const shown = nextShown([], none, known([second]));
    const ended = { ...second, state: 'idle' as const };
    expect(nextShown(shown, none, known([first, ended])).map(paneId)).toEqual([second.id, first.id]);
  });

  it('leaves out what was closed or is gone, and is the same list where nothing changed', () => {
    const [first, second] = [session({}), session({})];
    const shown = nextShown([], none, known([first, second]));
    expect(nextShown(shown, none, known([first, second]))).toBe(shown);
    expect(nextShown(shown, new Set([first.id]), known([first, second])).map(paneId)).toEqual([second.id]);
    expect(nextShown(shown, none, known([first])).map(paneId)).toEqual([first.id]);
  });

  it('lets what ended make room for what needs the person', () => {
    const ended = Array.from({ length: MOST_PANES }, () => session({ state: 'done' }));
    const shown = nextShown([], none, known(ended));
    const blocked = session({ state: 'blocked' });
    const next = nextShown(shown, none, known([...ended, blocked])).map(paneId);
    expect(next).toHaveLength(MOST_PANES);
    expect(next.at(-1)).toBe(blocked.id);
  });
});
