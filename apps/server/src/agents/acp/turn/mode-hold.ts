import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type ControlMode, modeIn } from '../../../dry-run/asks-first.ts';
import type { AgentTurn } from '../../agent.ts';
import { Interrupted } from '../../builtin/interrupted.ts';
import type { Link } from '../connection/link.ts';
import { controlRequest, withValue } from '../controls.ts';
import { notice } from './notice.ts';

/** An agent that leaves it more often than this in one turn will not be held. */
const MOST_TIMES = 3;

interface HoldDeps {
  /** The agent as it is connected now; null where it is not. */
  readonly link: () => Link | null;
  /** How long it has to go back. */
  readonly withinMs: number;
}

/** Keeps an agent in a mode in which it asks first, for one turn of a dry run. */
export class ModeHold {
  /** Rejects with `dry_run.left` once it acts unasked and cannot be set back. */
  readonly lost: Promise<never>;
  readonly #turn: AgentTurn;
  readonly #deps: HoldDeps;
  #fail: (error: FarhandError) => void = () => {};
  /** The last mode in which it asked. */
  #asking: ControlMode | null = null;
  #seen: string | null;
  #times = 0;
  #isSetting = false;

  constructor(turn: AgentTurn, deps: HoldDeps) {
    this.#turn = turn;
    this.#deps = deps;
    this.lost = new Promise((_, reject) => (this.#fail = reject));
    this.lost.catch(() => {});
    const mode = this.#now();
    this.#seen = mode?.value ?? null;
    // Otherwise the turn does not begin: see `SessionDryRun.check`.
    if (this.#asks()) this.#asking = mode;
  }

  /** To be called whenever its mode may be another one. */
  look(): void {
    const mode = this.#now();
    const seen = mode?.value ?? null;
    if (seen === this.#seen) return;
    this.#seen = seen;
    if (this.#asks()) this.#asking = mode;
    else if (!this.#isSetting) void this.#setBack();
  }

  #now(): ControlMode | null {
    const controls = this.#turn.controls.get();
    return controls && modeIn(controls);
  }

  #asks(): boolean {
    try {
      this.#turn.dryRun?.check();
      return true;
    } catch {
      return false;
    }
  }

  async #setBack(): Promise<void> {
    this.#isSetting = true;
    try {
      while (!this.#asks()) await this.#setOnce();
    } catch (cause) {
      // What ended the connection ends the turn by itself, or the next server looks.
      if (cause instanceof Interrupted) return;
      this.#fail(new FarhandError('dry_run.left', { details: { mode: this.#seen ?? '' }, cause }));
    } finally {
      this.#isSetting = false;
    }
  }

  async #setOnce(): Promise<void> {
    const { controls, transcript, turnId, secrets } = this.#turn;
    const [link, left, back] = [this.#deps.link(), this.#now(), this.#asking];
    const told = controls.get();
    this.#times += 1;
    if (!link || !told || !back || this.#times > MOST_TIMES) throw new FarhandError('agent.refused');
    const { method, params } = controlRequest(told, back.control, back.value);
    const request = { sessionId: link.record.nativeId, ...params };
    await link.call(method, request, { withinMs: this.#deps.withinMs });
    controls.set(withValue(controls.get() ?? told, back.control, back.value));
    this.#seen = back.value;
    const text = `The agent went into the mode “${left?.value ?? ''}” by itself, in which it would act unasked. This is a dry run, so it was set back to “${back.value}”.`;
    transcript.put(notice(turnId, 'warning', secrets.redactor().text(text)));
  }
}
