import type { HostId } from '@farhand/shared/model/hosts';
import { restOrStop, type Work } from './work.ts';

/** Presses “Retry now” as an impatient person does: without it the pauses between tries outlast the faults. */
export async function retryImpatiently(
  { world, random, stopping, tally }: Work,
  hostId: HostId,
): Promise<void> {
  while (!stopping.aborted) {
    await restOrStop(random.between(100, 500), stopping);
    const entity = world.page.entities.get(`host ${hostId}`);
    const state = entity?.kind === 'host' ? entity.value.connection.state : 'unknown';
    tally.fact(world.page.isConnected ? `looks at a host that is ${state}` : 'looks without a server');
    if (state !== 'retrying') continue;
    tally.fact('retries asked for');
    // It waits for the outcome and rejects with why not, which the state tells as well.
    world.client.call('host.reconnect', { hostId }).catch(() => {});
  }
}
