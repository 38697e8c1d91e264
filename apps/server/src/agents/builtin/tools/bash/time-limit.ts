import type { SessionAsides } from '../../../agent.ts';

interface TimeLimit {
  readonly startedAtMs: number;
  readonly timeoutMs: number;
  readonly asides?: SessionAsides | undefined;
}

/**
 * Calls `onOver` when the time is over, unless the returned function was called before. The time in which a person is
 * asked what the command wants done by `farhand-op` does not count, also where that was before a restart of the server.
 * What was asked before the command began is no question of its own.
 */
export function limitTime({ startedAtMs, timeoutMs, asides }: TimeLimit, onOver: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wind = () => {
    clearTimeout(timer);
    const questions = asides?.since(startedAtMs) ?? [];
    if (questions.some(({ decidedAt }) => decidedAt === null)) return;
    const endMs = startedAtMs + timeoutMs + askedMs(questions);
    timer = setTimeout(end, Math.max(0, endMs - Date.now()));
  };
  const unwatch = asides?.watch(wind);
  const lift = () => {
    clearTimeout(timer);
    unwatch?.();
  };
  const end = () => {
    lift();
    onOver();
  };
  wind();
  return lift;
}

// Two that were open at once count once.
function askedMs(questions: ReturnType<SessionAsides['since']>): number {
  let untilMs = 0;
  let sumMs = 0;
  for (const { askedAt, decidedAt } of questions) {
    if (decidedAt === null) continue;
    const fromMs = Math.max(Date.parse(askedAt), untilMs);
    untilMs = Math.max(Date.parse(decidedAt), untilMs);
    sumMs += Math.max(0, untilMs - fromMs);
  }
  return sumMs;
}
