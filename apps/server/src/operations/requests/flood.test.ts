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
    await taker.take(place, `c${count.toString(16).padStart(20, '0')} 1700000000 ${token}`);
  // One that overtook what it withdraws is remembered.
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(100);
});
