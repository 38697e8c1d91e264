import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { AcpBench } from './acp-bench.ts';
import type { AcpHost } from './acp-host.ts';
import { describeKeeping } from './keeping-contract.ts';
import type { Benches } from './looks.ts';
import { describeManners } from './manners-contract.ts';
import { describeRestarts } from './restarts-contract.ts';
import { describeTrouble } from './trouble-contract.ts';
import { describeTurns } from './turns-contract.ts';

/** What the ACP agents of every host keep to. */
export function describeAcpAgent(name: string, openHost: () => Promise<AcpHost>): void {
  describe(name, { timeout: 30_000 }, () => {
    let host: AcpHost;
    const open: AcpBench[] = [];
    const benches: Benches = {
      start(options) {
        const bench = new AcpBench(host, options);
        open.push(bench);
        return bench;
      },
      get host() {
        return host;
      },
    };
    beforeAll(async () => {
      host = await openHost();
    });
    afterEach(async () => {
      await Promise.all(open.splice(0).map((bench) => bench.close()));
    });
    afterAll(() => host.close());

    describeTurns(benches);
    describeRestarts(benches);
    describeManners(benches);
    describeTrouble(benches);
    describeKeeping(benches);
  });
}
