import type { AgentId } from '@farhand/shared/model/agents';
import type { TerminalActivity } from '@farhand/shared/model/terminals';
import { type Guess, guessOf, guessOfAgent } from './guesses.ts';
import { createProgramStatus, isStatusQuery, type ProgramState, STATUS_ANSWER } from './program-status.ts';
import { createSignalReader, type TerminalSignal } from './signal-reader.ts';

/** What the agent in one terminal is seen to do. */
export interface Activity {
  /** Takes output; gives what the program wants to be answered, to be written to its input: nothing where it is not live. */
  output(bytes: Uint8Array, isLive?: boolean): string;
  /** A person typed into it. */
  typed(): void;
  /** The newest; null where nothing told of any. */
  current(): TerminalActivity | null;
}

interface ActivityOptions {
  /** The agent that the terminal was opened for; in one of a shell only what says clearly that a program works counts. */
  readonly agent: AgentId | null;
  readonly now?: () => Date;
}

const REPORTED: Readonly<Record<ProgramState, TerminalActivity['state']>> = {
  idle: 'idle',
  working: 'working',
  done: 'done',
  blocked: 'blocked',
  error: 'failed',
};
const LONGEST_TEXT = 200;
/**
 * Any text that is printed can hold the question, and the answer is typed to whoever reads then, as a shell at its
 * prompt: so many at once at most, and one more after each such time. A terminal that echoes the answer asks again by it.
 */
const MOST_ANSWERS = 4;
const ANSWER_EVERY_MS = 30_000;

/** Follows one terminal. What a program reports itself (OSC 7501) counts before anything that is guessed. */
export function createActivity({ agent, now = () => new Date() }: ActivityOptions): Activity {
  const reader = createSignalReader();
  const status = createProgramStatus();
  let answers = MOST_ANSWERS;
  let answeredAt = now().getTime();
  let guess: Guess | null = null;
  let shown: TerminalActivity | null = null;

  const look = () => {
    const reported = status.newest();
    const next = reported
      ? { state: REPORTED[reported.state], text: plain(reported.text), isGuess: false }
      : guess && { state: guess.state, text: plain(guess.text), isGuess: true };
    if (next === null) shown = null;
    else if (
      !shown ||
      shown.state !== next.state ||
      shown.text !== next.text ||
      shown.isGuess !== next.isGuess
    )
      shown = { ...next, at: now().toISOString() };
  };
  const spend = (queries: number): number => {
    const more = Math.floor((now().getTime() - answeredAt) / ANSWER_EVERY_MS);
    if (more > 0) answeredAt += more * ANSWER_EVERY_MS;
    answers = Math.min(MOST_ANSWERS, answers + Math.max(0, more));
    const given = Math.min(queries, answers);
    answers -= given;
    return given;
  };
  const take = (signal: TerminalSignal): boolean => {
    if (signal.kind === 'reset') {
      status.reset();
      guess = null;
    } else if (signal.kind === 'osc' && signal.code === 7501) {
      if (isStatusQuery(signal.body)) return true;
      status.report(signal.body);
    } else {
      if (signal.kind === 'osc' && signal.code === 133 && signal.body.startsWith('A')) status.promptBegan();
      guess = nextGuess(guess, guessOf(signal) ?? (agent === null ? null : guessOfAgent(signal)), signal);
    }
    return false;
  };

  return {
    output(bytes, isLive = true) {
      const queries = reader.push(bytes).filter(take).length;
      look();
      return queries > 0 && isLive ? STATUS_ANSWER.repeat(spend(queries)) : '';
    },
    typed() {
      status.personTyped();
      // Whatever it asked or told was seen by the one who types.
      if (guess && guess.state !== 'working') guess = { state: 'idle', text: null };
      look();
    },
    current: () => shown,
  };
}

// A bell rings for many reasons: it must not cover what was said in words, nor ask where nothing was at work.
function nextGuess(before: Guess | null, next: Guess | null, signal: TerminalSignal): Guess | null {
  if (next === null) return before;
  if (signal.kind === 'bell') return before?.state === 'working' ? { ...next, text: before.text } : before;
  // Progress that ends was no work that anybody saw end.
  if (next.state === 'done' && next.text === null && before?.state !== 'working') return before;
  return next;
}

/** One line that hides nothing: controls, and signs that turn or hide text, are left out. */
function plain(text: string | null): string | null {
  const line = text
    ?.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line ? [...line].slice(0, LONGEST_TEXT).join('') : null;
}
