import type { Actor } from '@farhand/shared/model/audit';
import type { HostId } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { JobSpec, Runtime } from '@farhand/shared/runtime/port';
import { expect, it } from 'vitest';
import { createOperationLayer } from './layer.ts';

it('what another program runs has no farhand-op, by which it would pass for a person’s terminal', async () => {
  const started: JobSpec[] = [];
  const runtime = { jobs: { start: async (spec: JobSpec) => void started.push(spec) } } as unknown as Runtime;
  const layer = createOperationLayer({
    tokens: { make: () => 'token', check: () => null },
    ready: async () => ({
      folder: '/f/s',
      requests: '/f/s/q',
      replies: '/f/s/r',
      programs: '/f/bin',
      shown: [],
    }),
    isWanted: () => true,
  });
  const place = {
    workspaceId: newId('workspace'),
    projectId: newId('project'),
    hostId: 'prod' as HostId,
    directory: '/w',
  };
  const isEquipped = async (by: Actor, sessionId: ReturnType<typeof newId<'session'>> | null) => {
    const { jobs } = layer(runtime, place, { kind: 'terminal', sessionId, by });
    await jobs.start({ id: newId('job'), command: { argv: ['true'] }, cwd: '/w' });
    return started.at(-1)?.env?.FARHAND_OP_TOKEN !== undefined;
  };
  expect(await isEquipped({ kind: 'token', name: 'ci' }, null)).toBe(false);
  expect(await isEquipped({ kind: 'agent', name: 'claude-code' }, null)).toBe(false);
  expect(await isEquipped({ kind: 'agent', name: 'codex' }, newId('session'))).toBe(true);
  expect(await isEquipped({ kind: 'page', name: null }, null)).toBe(true);
});
