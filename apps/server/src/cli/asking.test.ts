import type { Host, HostId } from '@farhand/shared/model/hosts';
import { describe, expect, it, vi } from 'vitest';
import { tellWhileAsking } from './asking.ts';
import type { Call } from './client.ts';

const away = (attempt: number) => ({
  state: 'retrying',
  attempt,
  nextAt: new Date().toISOString(),
  code: 'host.unknown',
  message: 'The name does not resolve.\u001b[2J',
});

describe('a wait for a host', () => {
  it('tells once that there is no contact, and not at the first try', async () => {
    const told: string[] = [];
    const attempts = [1, 2, 3];
    const call = vi.fn(async () => ({
      hosts: [{ id: 'lab', connection: away(attempts.shift() ?? 4) } as unknown as Host],
    }));
    let finish = () => {};
    const work = new Promise<string>((resolve) => (finish = () => resolve('done')));
    const streams = {
      out: { write: () => true },
      err: { write: (text: unknown) => told.push(String(text)) > 0 },
    };
    const waiting = tellWhileAsking({ call: call as unknown as Call, streams }, 'lab' as HostId, work);
    await vi.waitFor(() => expect(call).toHaveBeenCalledTimes(1));
    expect(told).toEqual([]);
    await vi.waitFor(() => expect(call.mock.calls.length).toBeGreaterThan(3), { timeout: 10_000 });
    finish();
    expect(await waiting).toBe('done');
    expect(told).toEqual([
      'farhand: lab cannot be reached: The name does not resolve.�[2J It is tried again until it can be.\n',
    ]);
  });
});
