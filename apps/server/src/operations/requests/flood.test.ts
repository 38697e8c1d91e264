import type { HostId } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import { expect, it } from 'vitest';
import { createOperationTokens } from '../token.ts';
import { RequestTaker } from './request-taker.ts';

it('withdrawals of what nobody asked for fill nothing, however many come', async () => {
  const place = { workspaceId: newId('workspace'), hostId: 'prod' as HostId };
  const tokens = createOperationTokens(() => new Uint8Array(32));
  const token = tokens.make({ workspaceId: place.workspaceId, sessionId: null });
  const kept: string[] = [];
  const store = { get: () => null, add: ({ id }: { id: string }) => kept.push(id) };
  const taker = new RequestTaker({ store, tokens } as unknown as ConstructorParameters<
    typeof RequestTaker
  >[0]);
  for (let count = 0; count < 5000; count += 1)
    await taker.take(
      place,
      `${place.workspaceId} c${count.toString(16).padStart(20, '0')} 1700000000 ${token}`,
    );
  // One that overtook what it withdraws is remembered.
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(100);
});

it('a session that asks without end keeps no other one from being answered', async () => {
  const place = { workspaceId: newId('workspace'), hostId: 'prod' as HostId };
  const [mine, theirs] = [newId('session'), newId('session')];
  const tokens = createOperationTokens(() => new Uint8Array(32));
  const answered: (string | null)[] = [];
  const taker = new RequestTaker({
    tokens,
    store: { get: () => null },
    agentOf: () => 'codex',
    operationsFor: () => [],
    reply: async ({ subject }: { subject: string | null }) => void answered.push(subject),
  } as unknown as ConstructorParameters<typeof RequestTaker>[0]);
  const line = (session: typeof mine, token: string, count: number) =>
    `${session} q${count.toString(16).padStart(20, '0')} 1700000000 ${token} x2d6c`;
  const tokenOf = (sessionId: typeof mine) => tokens.make({ workspaceId: place.workspaceId, sessionId });
  const [own, other] = [tokenOf(mine), tokenOf(theirs)];
  for (let count = 0; count < 1000; count += 1) {
    await taker.take(place, line(mine, own, count));
    // By folders of sessions that nobody knows, or with what was taken from another.
    await taker.take(place, line(newId('session'), own, count));
  }
  const flooded = answered.length;
  expect(flooded).toBeLessThan(400);
  await taker.take(place, line(theirs, other, 0));
  expect(answered.slice(flooded)).toEqual([theirs]);
});
