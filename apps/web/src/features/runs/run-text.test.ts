import type { HostId } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { Run } from '@farhand/shared/model/runs';
import { describe, expect, it } from 'vitest';
import { runStarter, runStateText, runStatus } from './run-text.ts';

const run = (part: Partial<Run>): Run => ({
  id: newId('run'),
  hostId: 'prod' as HostId,
  workspaceId: null,
  sessionId: null,
  argv: ['true'],
  cwd: null,
  profile: null,
  by: { kind: 'page', name: null },
  operation: null,
  state: 'ended',
  approvalId: null,
  rule: null,
  exit: { kind: 'exited', code: 0 },
  error: null,
  createdAt: '',
  endedAt: null,
  ...part,
});

describe('a run in words', () => {
  it.each([
    [{}, 'Done', 'done'],
    [{ exit: { kind: 'exited', code: 3 } as const }, 'Exit status 3', 'failed'],
    [{ exit: { kind: 'signaled', signal: 'SIGKILL' } as const }, 'Ended by SIGKILL', 'failed'],
    [{ state: 'asking' as const, exit: null }, 'Waits to be allowed', 'blocked'],
    [{ state: 'running' as const, exit: null }, 'Running', 'working'],
    [{ state: 'denied' as const, exit: null }, 'Denied', 'failed'],
    [{ state: 'cancelled' as const, exit: null }, 'Cancelled', 'idle'],
  ])('says how it stands: %j', (part, text, status) => {
    expect([runStateText(run(part)), runStatus(run(part))]).toEqual([text, status]);
  });

  it.each([
    [{ kind: 'page', name: null } as const, 'You, in the page'],
    [{ kind: 'cli', name: null } as const, 'You, by the command line'],
    [{ kind: 'token', name: 'deploy-bot' } as const, 'Token deploy-bot'],
    [{ kind: 'agent', name: 'codex' } as const, 'Codex'],
  ])('says who started it: %j', (by, text) => expect(runStarter(run({ by }))).toBe(text));
});
