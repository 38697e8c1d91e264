import { randomUUID } from 'node:crypto';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { HOST_TEST_STEPS, type HostTest, type HostTestStep } from '@farhand/shared/model/host-checks';
import type { HostId, HostQuestion } from '@farhand/shared/model/hosts';

export type StepName = HostTestStep['name'];

/** How a step came out. */
export interface Outcome {
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly detail?: string;
  readonly hint?: string;
  readonly code?: string;
}

const WAITING: Omit<HostTestStep, 'name'> = {
  state: 'waiting',
  timeMs: null,
  detail: null,
  hint: null,
  code: null,
};

/** A test as it goes on: what is shown of it, and those who wait for the next of it. */
export class TestRun {
  readonly #over = new AbortController();
  readonly #waiting = new Set<() => void>();
  readonly #beganAt = new Map<StepName, number>();
  #test: HostTest;

  constructor(hostId: HostId | null, command: string) {
    const steps = HOST_TEST_STEPS.map((name) => ({ name, ...WAITING }));
    this.#test = {
      id: randomUUID(),
      hostId,
      version: 1,
      state: 'running',
      steps,
      question: null,
      hostname: null,
      command,
    };
  }

  get test(): HostTest {
    return this.#test;
  }

  /** Aborted when nobody wants it any more. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  begin(name: StepName): void {
    this.#beganAt.set(name, performance.now());
    this.#setStep(name, { state: 'running' });
  }

  end(name: StepName, { state, detail, hint, code }: Outcome): void {
    const beganAt = this.#beganAt.get(name);
    const timeMs = beganAt === undefined ? null : Math.round((performance.now() - beganAt) * 10) / 10;
    this.#setStep(name, { state, timeMs, detail: detail ?? null, hint: hint ?? null, code: code ?? null });
  }

  fail(name: StepName, thrown: unknown): void {
    const { code, message, hint } = FarhandError.from(thrown);
    this.end(name, { state: 'failed', detail: message, code, ...(hint !== null && { hint }) });
  }

  isAt(name: StepName, ...states: readonly HostTestStep['state'][]): boolean {
    return this.#test.steps.some((step) => step.name === name && states.includes(step.state));
  }

  ask(question: HostQuestion | null): void {
    if (this.#test.question?.id !== question?.id) this.#set({ question });
  }

  name(hostname: string): void {
    this.#set({ hostname });
  }

  /** What has not begun is left out. */
  finish(): void {
    if (this.#test.state !== 'running') return;
    for (const { name, state } of this.#test.steps)
      if (state === 'waiting' || state === 'running') this.end(name, { state: 'skipped' });
    const hasFailed = this.#test.steps.some(({ state }) => state === 'failed');
    this.#set({ state: hasFailed ? 'failed' : 'passed', question: null });
  }

  cancel(): void {
    if (this.#test.state !== 'running') return;
    this.#set({ state: 'cancelled', question: null });
    this.#over.abort();
  }

  /** Resolves with a version above `after`, or when `signal` ends the waiting. */
  async until(after: number, signal: AbortSignal): Promise<void> {
    while (this.#test.version <= after && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const settle = () => {
          this.#waiting.delete(settle);
          signal.removeEventListener('abort', settle);
          resolve();
        };
        this.#waiting.add(settle);
        signal.addEventListener('abort', settle);
      });
    }
  }

  #setStep(name: StepName, part: Partial<HostTestStep>): void {
    this.#set({ steps: this.#test.steps.map((step) => (step.name === name ? { ...step, ...part } : step)) });
  }

  // A test that was given up says nothing more.
  #set(part: Partial<HostTest>): void {
    if (this.#over.signal.aborted) return;
    this.#test = { ...this.#test, ...part, version: this.#test.version + 1 };
    for (const settle of this.#waiting) settle();
  }
}
