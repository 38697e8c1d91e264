import type { DelayProxy } from '@farhand/shared/testing/delay-proxy';
import { createRandom } from '@farhand/shared/testing/random';
import type { TestSshd } from '@farhand/shared/testing/sshd';
import type { Farhand } from '../support/farhand.ts';
import { childrenOf } from './host-processes.ts';
import type { Page } from './page.ts';
import type { Fault, FaultKind, PlannedFault } from './plan.ts';

/** What can be broken. */
export interface Targets {
  readonly proxy: DelayProxy;
  readonly sshd: Pick<TestSshd, 'killConnections'>;
  readonly farhand: Farhand;
  readonly page: Page;
}

export interface Breaking {
  /** Faults carried out so far, by kind. */
  readonly counts: ReadonlyMap<FaultKind, number>;
  /** Carries out the plan; resolves when all of it is over and everything is whole again. */
  run(plan: readonly PlannedFault[]): Promise<void>;
}

/** Breaks things as planned; `log` hears of each. Rejects where the server does not come back. */
export function createBreaking(
  { proxy, sshd, farhand, page }: Targets,
  log: (line: string) => void,
): Breaking {
  const counts = new Map<FaultKind, number>();
  const lasting = new Set<Promise<void>>();
  // Several of a kind may overlap: the last one to end makes it whole.
  const holds = new Map<string, number>();
  let serverBack = Promise.resolve();

  const hold = (name: string, forMs: number, begin: () => void, end: () => void) => {
    holds.set(name, (holds.get(name) ?? 0) + 1);
    begin();
    const over = pause(forMs).then(() => {
      const left = (holds.get(name) ?? 1) - 1;
      holds.set(name, left);
      if (left === 0) end();
    });
    lasting.add(over);
  };
  const killMaster = (pick: number) => {
    const masters = farhand.isRunning ? childrenOf(farhand.pid, /^\S*ssh .*-M/) : [];
    const master = masters[Math.floor(pick * masters.length)];
    // Between two connections there is none; what is being made is cut in its place.
    if (master === undefined) proxy.cut();
    else killQuietly(master);
  };
  const restart = async () => {
    await farhand.kill();
    await farhand.start();
  };
  const carryOut = (fault: Fault): void => {
    switch (fault.kind) {
      case 'cut_all':
        return proxy.cut();
      case 'cut_one':
        return proxy.cutOne(Math.floor(fault.pick * proxy.connectionCount));
      case 'truncate':
        return proxy.truncate(createRandom(fault.seed).next);
      case 'freeze':
        return hold('freeze', fault.forMs, proxy.freeze, proxy.thaw);
      case 'stall': {
        const { direction } = fault;
        return hold(
          direction,
          fault.forMs,
          () => proxy.stall(direction),
          () => proxy.unstall(direction),
        );
      }
      case 'delay':
        return hold(
          'delay',
          fault.forMs,
          () => proxy.setDelay(fault.delayMs),
          () => proxy.setDelay(0),
        );
      case 'kill_master':
        return killMaster(fault.pick);
      case 'kill_sshd_sessions':
        return sshd.killConnections();
      case 'kill_server':
        serverBack = serverBack.then(restart);
        // Told by `run`, which waits for it.
        serverBack.catch(() => {});
        return;
      case 'drop_socket':
        return page.drop();
    }
  };
  return {
    counts,
    async run(plan) {
      const from = performance.now();
      for (const { atMs, fault } of plan) {
        await pause(from + atMs - performance.now());
        log(JSON.stringify({ atMs: Math.round(performance.now() - from), ...fault }));
        carryOut(fault);
        counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1);
      }
      await Promise.all(lasting);
      await serverBack;
    },
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, ms)));

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
  }
}
