import type { ModelRequest, ModelStep } from '@farhand/shared/testing/model-server';
import { createRandom } from '@farhand/shared/testing/random';
import { type Counting, countingScript, endlessScript, someCounting } from './counting.ts';

/** One turn of a counting agent: all that it will do follows from this. */
export interface AgentTurn {
  /** Unique in a run, as `a0t3`. */
  readonly name: string;
  readonly seed: number;
}

export const promptOf = ({ name, seed }: AgentTurn): string => `Count as ${name} with ${seed}.`;
export const endlessPromptOf = (tag: string): string => `Count without end as ${tag}.`;
export const farewellOf = ({ name }: AgentTurn): string => `I have counted as ${name}.`;

/** The programs of a turn: a list for each answer of the model that calls tools. */
export function callsOf({ name, seed }: AgentTurn): Counting[][] {
  const random = createRandom(seed);
  const answers = 1 + random.below(3);
  return Array.from({ length: answers }, (_, answer) =>
    Array.from({ length: 1 + random.below(2) }, (_, call) =>
      someCounting(`${name}s${answer}c${call}`, random.next),
    ),
  );
}

/** What the model is told of a program that ran to its end. */
export const toldOf = (output: string): string => `${output.trimEnd()}\n[exit status 0]`;

const bash = (id: string, command: string): ModelStep => ({
  call: { name: 'bash', id, arguments: { command, timeout_ms: 1_500_000 } },
  chunks: 3,
  delayMs: 2,
});

/** The scripted model of all agents of a run. The id of a call is the tag of its program. */
export function answerOfAgents({ lastUserText, step }: ModelRequest): readonly ModelStep[] {
  const endless = /^Count without end as (\w+)\.$/.exec(lastUserText)?.[1];
  if (endless) return [bash(endless, endlessScript(endless))];
  const [, name, seed] = /^Count as (\w+) with (\d+)\.$/.exec(lastUserText) ?? [];
  if (name === undefined) return [{ text: 'I do not know what to do with that.' }];
  const turn = { name, seed: Number(seed) };
  const calls = callsOf(turn)[step];
  if (!calls) return [{ text: farewellOf(turn), chunks: 8, delayMs: 5 }];
  return [
    { text: `Answer ${step} of ${name}.`, chunks: 4, delayMs: 5 },
    ...calls.map((counting) => bash(counting.tag, countingScript(counting))),
  ];
}
