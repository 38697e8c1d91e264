import { createRandom } from '@farhand/shared/testing/random';
import { callsOf } from './agent-script.ts';
import { type AskedTurn, runAgent } from './agents.ts';
import { type ChaosWorld, openWorld } from './chaos-world.ts';
import { checkAgents } from './check-agents.ts';
import { checkRuns } from './check-runs.ts';
import { checkCounted, checkRan, checkTerminal } from './check-terminals.ts';
import { checkViews } from './check-views.ts';
import { type AskedCommand, runCommands } from './commands.ts';
import { deleteInTheMiddle, stopTurns } from './doomed.ts';
import { keepEvidence } from './evidence.ts';
import { createBreaking } from './faults.ts';
import { retryImpatiently } from './impatience.ts';
import { checkLeftBehind, untilStopped } from './left-behind.ts';
import { type FaultKind, planFaults } from './plan.ts';
import { type QuietInputs, untilQuiet } from './quiet.ts';
import { Tally } from './tally.ts';
import { openTerminal, startCounting, type Typed, typeLines } from './terminals.ts';
import type { Work } from './work.ts';
import { createWorkers } from './workers.ts';

const AGENTS = 3;
const COMMANDS = 2;
const TYPED_TERMINALS = 2;
const QUIET_WITHIN_MS = 60_000;

export interface ChaosResult {
  readonly tally: Tally;
  readonly counts: ReadonlyMap<FaultKind, number>;
  readonly breakingMs: number;
  readonly quietMs: number;
  /** Where logs were kept; null where all is well. */
  readonly evidence: string | null;
}

/** One run: work, faults, quiet, and a look at everything. The seed decides all of the faults and of the work. */
export async function runChaos({ seed, cuts }: { seed: number; cuts: number }): Promise<ChaosResult> {
  const tally = new Tally();
  const log: string[] = [`seed ${seed} cuts ${cuts}`];
  const world = await openWorld(tally);
  try {
    const stop = new AbortController();
    const deadline = new AbortController();
    const random = createRandom(seed ^ 0x5eed);
    const work = (): Work => ({
      world,
      tally,
      random: createRandom(random.below(2 ** 31)),
      stopping: stop.signal,
      deadline: deadline.signal,
    });
    const begun = await beginAll(work, tally);
    const breaking = createBreaking(world, (line) => log.push(line));
    const from = performance.now();
    world.page.onHost = (connection) =>
      log.push(JSON.stringify({ atMs: Math.round(performance.now() - from), ...connection }));
    await breaking.run(planFaults(seed, cuts));
    const brokenUntil = performance.now();
    log.push('faults are over');
    stop.abort();
    const timer = setTimeout(() => deadline.abort(), QUIET_WITHIN_MS);
    const done = await begun.finish();
    await untilQuiet({ world, tally, ...done }, deadline.signal);
    await untilStopped(world, tally, done.stopped, deadline.signal);
    clearTimeout(timer);
    const quietAt = performance.now();
    checkAll(world, tally, done);
    await checkViews(world, tally);
    await checkLeftBehind(world, tally);
    return {
      tally,
      counts: breaking.counts,
      breakingMs: brokenUntil - from,
      quietMs: quietAt - brokenUntil,
      evidence: tally.problems.length > 0 ? keepEvidence(world, tally, log) : null,
    };
  } catch (error) {
    tally.problem('lost', 'the run', error instanceof Error ? (error.stack ?? error.message) : String(error));
    keepEvidence(world, tally, log);
    throw error;
  } finally {
    await world.close();
  }
}

interface Done extends QuietInputs {
  readonly stopped: readonly string[];
}

async function beginAll(work: () => Work, tally: Tally) {
  const { world } = work();
  const home = await world.createWorkspace('work');
  const doomed = [await world.createWorkspace('doomed one'), await world.createWorkspace('doomed two')];
  const typing: { readonly terminal: Typed['terminal']; readonly tag: string }[] = [];
  for (let index = 0; index < TYPED_TERMINALS; index++)
    typing.push({ terminal: await openTerminal(work(), home.id), tag: `k${index}` });
  const counting = await startCounting(work(), await openTerminal(work(), home.id), 'm0');
  const workers = createWorkers(tally);
  const turns: Promise<AskedTurn[]>[] = [];
  for (let index = 0; index < AGENTS; index++)
    turns.push(workers.begin(`agent a${index}`, runAgent(work(), home.id, `a${index}`), []));
  const commands: Promise<AskedCommand[]>[] = [];
  for (let index = 0; index < COMMANDS; index++)
    commands.push(workers.begin(`commands c${index}`, runCommands(work(), home.id, `c${index}`), []));
  const typed = typing.map(({ terminal, tag }) =>
    workers.begin(`terminal ${tag}`, typeLines(work(), terminal, tag), { tag, terminal, keys: [] }),
  );
  const stopped = workers.begin('stops', stopTurns(work(), home.id, 's0'), []);
  const patience = workers.begin('retries', retryImpatiently(work(), home.hostId), undefined);
  const deleted = doomed.map((workspace, index) =>
    workers.begin(workspace.name, deleteInTheMiddle(work(), workspace, `d${index}`), undefined),
  );
  return {
    async finish(): Promise<Done> {
      await Promise.all([...deleted, patience]);
      return {
        turns: (await Promise.all(turns)).flat(),
        commands: (await Promise.all(commands)).flat(),
        typed: await Promise.all(typed),
        counting,
        stopped: [...(await stopped), ...doomed.map((_, index) => `d${index}`)],
      };
    },
  };
}

function checkAll(world: ChaosWorld, tally: Tally, { turns, commands, typed, counting }: Done): void {
  checkAgents(world, tally, turns);
  checkRuns(world, tally, [
    ...turns.flatMap(({ turn }) => callsOf(turn).flat()).map(({ tag }) => ({ tag, mayBeMissing: false })),
    ...commands.map(({ counting: { tag }, isAnswered }) => ({ tag, mayBeMissing: !isAnswered })),
  ]);
  for (const one of [...typed, counting]) checkTerminal(world, tally, one);
  for (const one of typed) checkRan(world, tally, one);
  checkCounted(world, tally, counting);
}
