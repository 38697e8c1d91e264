import { isDeepStrictEqual } from 'node:util';
import type { ChaosWorld } from './chaos-world.ts';
import { Page } from './page.ts';
import type { Tally } from './tally.ts';

/** Changes by itself, with each measurement. */
const KINDS_THAT_REST = ['project', 'session', 'terminal'];

/** A page that is opened now shows what the one that went through everything shows. */
export async function checkViews(world: ChaosWorld, tally: Tally): Promise<void> {
  const fresh = new Page(world.client, tally);
  const { page } = world;
  await fresh.open();
  const signal = AbortSignal.timeout(30_000);
  try {
    for (const [id, seen] of page.sessions) {
      const other = fresh.watchSession(id);
      await fresh.until(() => other.isLive, `session ${id}`, signal);
      if (!isDeepStrictEqual(other.items, seen.items))
        tally.problem('disagreement', id, difference(seen.items, other.items));
      if (other.transcript.lastSeq !== seen.transcript.lastSeq)
        tally.problem(
          'disagreement',
          id,
          `number ${seen.transcript.lastSeq}, stored ${other.transcript.lastSeq}`,
        );
    }
    for (const [id, seen] of page.terminals) {
      const other = fresh.watchTerminal(id);
      await fresh.until(() => other.end >= seen.end, `terminal ${id}`, signal);
      if (!other.bytes.equals(seen.bytes))
        tally.problem('disagreement', id, 'a fresh page is shown other bytes');
    }
    await fresh.until(() => fresh.entities.size > 0, 'the state', signal);
    const resting = ({ entities }: Page) =>
      [...entities]
        .filter(([, { kind }]) => KINDS_THAT_REST.includes(kind))
        .toSorted(([a], [b]) => (a < b ? -1 : 1));
    for (const [id, entity] of fresh.entities)
      if (entity.kind === 'session' && !['idle', 'done'].includes(entity.value.state))
        tally.problem('disagreement', id, `nothing runs, but it is said to be ${entity.value.state}`);
    if (!isDeepStrictEqual(resting(fresh), resting(page)))
      tally.problem('disagreement', 'state', difference(resting(page), resting(fresh)));
  } catch (error) {
    tally.problem('disagreement', 'a fresh page', String(error));
  } finally {
    fresh.close();
  }
}

function difference(seen: readonly unknown[], fresh: readonly unknown[]): string {
  const at = seen.findIndex((one, index) => !isDeepStrictEqual(one, fresh[index]));
  const text = (one: unknown) => JSON.stringify(one)?.slice(0, 600);
  return `${seen.length} things, fresh ${fresh.length}; number ${at}: ${text(seen[at])} fresh: ${text(fresh[at])}`;
}
