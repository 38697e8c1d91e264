import type { ConnectionState, HostId } from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import { describe, expect, it } from 'vitest';
import { createTypedHosts } from './typed-hosts.ts';

const TYPO = 'typo' as HostId;

function bench() {
  const reached = new Set<HostId>();
  const done: string[] = [];
  let state: ConnectionState['state'] = 'retrying';
  let isUnused = true;
  const runtime = {
    hostId: TYPO,
    connection: () => ({ state }),
    letGo() {
      done.push('let go');
      state = 'idle';
    },
  } as unknown as Runtime;
  const typed = createTypedHosts({
    store: { isReached: (id) => reached.has(id), setReached: (id) => void reached.add(id) },
    isUnused: () => isUnused,
    runtimeOf: () => runtime,
    forgetTasks: () => void done.push('tasks forgotten'),
    onHidden: () => void done.push('hidden'),
  });
  const move = (next: ConnectionState['state']) => {
    state = next;
    typed.moved(TYPO, next);
  };
  return { typed, done, move, use: (is: boolean) => void (isUnused = !is) };
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a host that was only typed', () => {
  it('is forgotten where it was never reached', () => {
    const { typed, done } = bench();
    typed.release(TYPO);
    expect(done).toEqual(['tasks forgotten', 'let go', 'hidden']);
    expect(typed.isHidden(TYPO)).toBe(true);
  });

  it('keeps what is to be done there once it was reached, and while something uses it', () => {
    const { typed, done, move, use } = bench();
    use(true);
    typed.release(TYPO);
    use(false);
    move('connected');
    move('retrying');
    typed.release(TYPO);
    expect(done).toEqual([]);
  });

  it('is looked at again when its try has failed, and has answered where it refuses', async () => {
    const { typed, done, move } = bench();
    move('connecting');
    typed.release(TYPO);
    move('refused');
    typed.release(TYPO);
    await nextTurn();
    expect(done).toEqual([]);
    move('retrying');
    await nextTurn();
    expect(done).toContain('hidden');
  });

  it('is seen again when something uses it, or it has something to ask', async () => {
    const { typed, move, use } = bench();
    typed.release(TYPO);
    move('connecting');
    expect(typed.isHidden(TYPO)).toBe(true);
    move('asking');
    expect(typed.isHidden(TYPO)).toBe(false);
    move('retrying');
    await nextTurn();
    expect(typed.isHidden(TYPO)).toBe(true);
    use(true);
    move('connecting');
    expect(typed.isHidden(TYPO)).toBe(false);
  });

  it('is left alone once the server closes', () => {
    const { typed, done } = bench();
    typed.close();
    typed.release(TYPO);
    expect(done).toEqual([]);
  });
});
