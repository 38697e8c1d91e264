import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionAsides } from '../../../agent.ts';
import { limitTime } from './time-limit.ts';

const START_MS = Date.parse('2026-01-01T00:00:00.000Z');
const iso = (ms: number) => new Date(START_MS + ms).toISOString();

let questions: { askedAt: string; decidedAt: string | null }[];
let listeners: Set<() => void>;
const asides: SessionAsides = {
  since: (ms) => questions.filter(({ askedAt }) => Date.parse(askedAt) >= ms),
  watch(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
const tell = () => {
  for (const listener of listeners) listener();
};
const ask = (ms: number) => {
  const question = { askedAt: iso(ms), decidedAt: null as string | null };
  questions.push(question);
  tell();
  return (decidedMs: number) => {
    question.decidedAt = iso(decidedMs);
    tell();
  };
};

describe('limitTime', () => {
  let isOver: boolean;
  const begin = (startedAtMs = START_MS) =>
    limitTime({ startedAtMs, timeoutMs: 1000, asides }, () => void (isOver = true));
  const to = (ms: number) => vi.advanceTimersByTime(START_MS + ms - Date.now());
  beforeEach(() => {
    vi.useFakeTimers({ now: START_MS });
    questions = [];
    listeners = new Set();
    isOver = false;
  });
  afterEach(() => vi.useRealTimers());

  it('is over after its time', () => {
    begin();
    to(999);
    expect(isOver).toBe(false);
    to(1000);
    expect(isOver).toBe(true);
    expect(listeners.size).toBe(0);
  });

  it('does not count while a person is asked, and counts on after the answer', () => {
    begin();
    to(900);
    const decide = ask(900);
    to(500_000);
    expect(isOver).toBe(false);
    decide(500_000);
    to(500_099);
    expect(isOver).toBe(false);
    to(500_100);
    expect(isOver).toBe(true);
  });

  it('counts two questions at once as one, and not what was asked before it began', () => {
    questions.push({ askedAt: iso(-5000), decidedAt: null });
    begin();
    to(100);
    const first = ask(100);
    to(200);
    const second = ask(200);
    to(300);
    first(300);
    to(5000);
    expect(isOver).toBe(false);
    second(5000);
    to(5899);
    expect(isOver).toBe(false);
    to(5900);
    expect(isOver).toBe(true);
  });

  it('knows after a restart of the server what was asked before', () => {
    questions.push({ askedAt: iso(100), decidedAt: iso(60_100) });
    to(60_500);
    begin();
    to(60_999);
    expect(isOver).toBe(false);
    to(61_000);
    expect(isOver).toBe(true);
    isOver = false;
    questions = [{ askedAt: iso(100), decidedAt: null }];
    begin();
    to(900_000);
    expect(isOver).toBe(false);
  });

  it('is never over once it is lifted', () => {
    const lift = begin();
    const decide = ask(0);
    lift();
    decide(10);
    to(900_000);
    expect(isOver).toBe(false);
  });
});
