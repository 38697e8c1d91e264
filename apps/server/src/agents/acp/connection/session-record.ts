import { hostId } from '@farhand/shared/model/hosts';
import { jobId, type SessionId, workspaceId } from '@farhand/shared/model/ids';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Vault } from '../../../secrets/vault.ts';
import type { Database } from '../../../store/database.ts';
import { acpSessions } from '../../../store/schema.ts';
import type { TranscriptWriter } from '../../../transcripts/transcripts.ts';
import { type Kept, type KeptPlace, openKept, sealKept, terminalJob } from './kept.ts';

/** An id of JSON-RPC, chosen by whoever asks. */
const wireId = z.union([z.string(), z.number(), z.null()]);

/** What the agent answered to a call of ours. */
const callAnswer = z.union([
  z.object({ result: z.unknown().optional() }),
  z.object({ error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }) }),
]);

const recordState = z.object({
  /** The program on the host; null where none runs. */
  job: z.object({ id: jobId, hostId, workspaceId, hasStarted: z.boolean() }).nullable(),
  /** The program before: what that left running ends with the session. */
  former: z.object({ id: jobId, hostId, workspaceId }).nullable().default(null),
  /** Of our next call. */
  nextId: z.number().int(),
  /** Bytes that the host confirmed to have written to the agent's input. */
  inOffset: z.number().int(),
  /** Lines to the agent that come after them. */
  outbox: z.array(z.string()),
  errOffset: z.number().int(),
  /** Calls of ours that a later server has to know: `key` says what for. */
  calls: z.array(
    z.object({
      key: z.string(),
      wireId: z.number().int(),
      method: z.string(),
      answer: callAnswer.nullable(),
    }),
  ),
  /** Requests of the agent that wait for our answer; `from` is where they are in its output. */
  open: z.array(z.object({ id: wireId, from: z.number().int() })),
  /** True where the agent does not know what was said before. */
  needsPreface: z.boolean(),
  /** Terminals that it has not released, oldest first. */
  terminals: z.array(terminalJob).default([]),
  /** `Kept`, sealed. */
  kept: z.string().nullable().default(null),
});
export type RecordState = z.infer<typeof recordState>;

const EMPTY: RecordState = {
  job: null,
  former: null,
  nextId: 1,
  inOffset: 0,
  outbox: [],
  errOffset: 0,
  calls: [],
  open: [],
  needsPreface: false,
  terminals: [],
  kept: null,
};

interface RecordPlace {
  readonly db: Database;
  readonly sessionId: SessionId;
  /** What is known changes in the same transaction as the items that came of it. */
  readonly writer: TranscriptWriter | null;
  /** Null where what is kept is neither looked at nor changed. */
  readonly vault: Vault | null;
}

/** How one session of an ACP agent stands, durably: what a server needs to go on where another was killed. */
export class SessionRecord implements KeptPlace {
  readonly #place: RecordPlace | null;
  #state: RecordState;
  #outOffset: number;
  #nativeId: string | null;
  #isChanged = false;
  #storedOut: number;
  #kept: Kept;
  #isKeptChanged = false;

  /** Without a place it is of this process only. */
  constructor(place: RecordPlace | null) {
    this.#place = place;
    const row = place?.db.select().from(acpSessions).where(eq(acpSessions.sessionId, place.sessionId)).get();
    this.#state = row ? recordState.parse(JSON.parse(row.state)) : EMPTY;
    this.#outOffset = row?.outOffset ?? 0;
    this.#storedOut = this.#outOffset;
    this.#nativeId = row?.nativeId ?? null;
    this.#kept = openKept(place?.vault ?? null, this.#state.kept, contextOf(place));
  }

  /** To look at it, or to change it where the session is not at work. */
  static alone(db: Database, sessionId: SessionId): SessionRecord {
    return new SessionRecord({ db, sessionId, writer: null, vault: null });
  }

  get state(): RecordState {
    return this.#state;
  }

  /** Where the first message begins that was not taken in yet. */
  get outOffset(): number {
    return this.#outOffset;
  }

  /** The agent's own id of the conversation. */
  get nativeId(): string | null {
    return this.#nativeId;
  }

  /** Follows the writer's flushes, until the returned function is called. */
  follow(): () => void {
    const place = this.#place;
    return place?.writer?.alongside(() => this.#write(place)) ?? (() => {});
  }

  /** Changes it in memory; stored with the next flush or `save`. */
  change(change: Partial<RecordState>): void {
    this.#state = { ...this.#state, ...change };
    this.#isChanged = true;
  }

  get kept(): Kept {
    return this.#kept;
  }

  /** As `change`, for what is sealed. */
  keep(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change };
    this.#isKeptChanged = true;
    this.#isChanged = true;
  }

  get terminals(): RecordState['terminals'] {
    return this.#state.terminals;
  }

  setTerminals(terminals: KeptPlace['terminals']): void {
    this.change({ terminals: [...terminals] });
  }

  setNativeId(nativeId: string | null): void {
    this.#nativeId = nativeId;
    this.#isChanged = true;
  }

  /** Everything before `outOffset` was taken in. */
  read(outOffset: number): void {
    this.#outOffset = outOffset;
  }

  /** A new program: nothing of the old one's wire holds for it. */
  reset(job: RecordState['job']): void {
    this.#outOffset = 0;
    const { needsPreface, terminals, kept, job: before } = this.#state;
    const former = before ?? this.#state.former;
    this.change({ ...EMPTY, needsPreface, terminals, kept, job, former });
  }

  /** Stores it now, with all that waits in the transcript. Throws where the store refuses. */
  save(): void {
    const place = this.#place;
    if (!place) return;
    place.writer?.flush();
    if (this.#isChanged || this.#outOffset !== this.#storedOut)
      place.db.transaction(() => this.#write(place))();
  }

  #write(place: RecordPlace): () => void {
    const { db, sessionId, vault } = place;
    if (this.#isKeptChanged)
      this.#state = { ...this.#state, kept: sealKept(vault, this.#kept, contextOf(place)) };
    this.#isKeptChanged = false;
    const [state, outOffset, nativeId] = [this.#state, this.#outOffset, this.#nativeId];
    if (this.#isChanged) {
      const values = { nativeId, outOffset, state: JSON.stringify(state) };
      db.insert(acpSessions)
        .values({ sessionId, ...values })
        .onConflictDoUpdate({ target: acpSessions.sessionId, set: values })
        .run();
    } else if (outOffset !== this.#storedOut)
      db.update(acpSessions).set({ outOffset }).where(eq(acpSessions.sessionId, sessionId)).run();
    return () => {
      this.#storedOut = outOffset;
      if (this.#state === state && this.#nativeId === nativeId) this.#isChanged = false;
    };
  }
}

// A sealed text opens in no other session.
const contextOf = (place: RecordPlace | null) => `acp_sessions.kept ${place?.sessionId ?? ''}`;

/** Forgets it. */
export function removeRecord(db: Database, sessionId: SessionId): void {
  db.delete(acpSessions).where(eq(acpSessions.sessionId, sessionId)).run();
}
