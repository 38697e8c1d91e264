import type { SessionNotification } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import type { SessionRecord } from '../connection/session-record.ts';
import type { UpdateMapper } from '../updates/update-mapper.ts';
import { SESSION } from './conversation.ts';

/** Between turns, what an agent says without a pause is one text. */
const PAUSE_MS = 400;
/** What a played-back conversation may still tell: how things stand now. */
const STANDING: ReadonlySet<string> = new Set([
  'available_commands_update',
  'current_mode_update',
  'config_option_update',
  'session_info_update',
  'usage_update',
]);

const updateParams = z.looseObject({
  sessionId: z.string(),
  update: z.looseObject({ sessionUpdate: z.string() }),
});

interface ToldOptions {
  isInTurn(): boolean;
  /** Shows a warning in the transcript. */
  note(text: string): void;
}

/** What an agent tells, in turns and between them, into the mapper. */
export class Told {
  /** True where a conversation that is played back is shown: the session has nothing of its own yet. */
  isShownBack = false;
  readonly #record: SessionRecord;
  readonly #mapper: UpdateMapper;
  readonly #options: ToldOptions;
  #quiet: NodeJS.Timeout | null = null;
  #hasNoted = false;

  constructor(record: SessionRecord, mapper: UpdateMapper, options: ToldOptions) {
    this.#record = record;
    this.#mapper = mapper;
    this.#options = options;
  }

  begin(): void {
    this.endQuiet();
    this.#hasNoted = false;
  }

  /** Takes in the params of a `session/update`, at once. */
  update(params: unknown): void {
    const parsed = updateParams.safeParse(params);
    if (!parsed.success) return;
    const { sessionId, update } = parsed.data as SessionNotification;
    const { state, nativeId } = this.#record;
    const opening = state.calls.find(({ key, answer }) => key === SESSION && answer === null)?.method;
    // A sub-agent's own session is not this one.
    if (opening !== 'session/new' && sessionId !== nativeId) return;
    const isPlayedBack = opening === 'session/load' && !this.isShownBack;
    if (isPlayedBack && !STANDING.has(update.sessionUpdate)) return;
    this.#mapper.apply(update);
    if (this.#options.isInTurn() || opening || STANDING.has(update.sessionUpdate)) return;
    if (this.#quiet) clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.endQuiet(), PAUSE_MS).unref();
  }

  /** What was said between turns is a text of its own. */
  endQuiet(): void {
    if (this.#quiet === null) return;
    clearTimeout(this.#quiet);
    this.#quiet = null;
    this.#mapper.endTurn('done');
  }

  /** A line was no message: said once a turn. */
  nonsense(): void {
    if (this.#hasNoted || !this.#options.isInTurn()) return;
    this.#hasNoted = true;
    this.#options.note('The agent wrote something that is no message of its protocol; that was skipped.');
  }
}
