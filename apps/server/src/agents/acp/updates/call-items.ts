import { type JobId, newId, type TurnId } from '@farhand/shared/model/ids';
import type { ToolCallItem, ToolView, TranscriptItem } from '@farhand/shared/model/transcripts';
import type { AgentSession } from '../../agent.ts';
import { newCallItem } from '../../builtin/answer-items.ts';
import type { KeptPlace } from '../connection/kept.ts';
import { CallRecord } from './call-record.ts';
import { isEnded } from './draw-call.ts';
import { type CallFacts, toolCallFields } from './tool-call-fields.ts';

/** A loop of an agent must not fill the server. */
const MOST_CALLS = 2000;

/** The tool calls of a session that an agent may still speak of, by its own ids. */
export class CallItems {
  readonly #session: AgentSession;
  readonly #kept: KeptPlace;
  readonly #records = new Map<string, CallRecord>();

  /** `items` are those of the transcript: calls that have not ended, and those of the last turn, go on. */
  constructor(session: AgentSession, kept: KeptPlace, items: readonly TranscriptItem[]) {
    this.#session = session;
    this.#kept = kept;
    const last = items.findLast((item) => item.kind === 'turn')?.turnId;
    for (const item of items)
      if (item.kind === 'tool_call' && (item.turnId === last || !isEnded(item)))
        this.#records.set(item.callId, new CallRecord(session, kept, { item, isKnown: true }));
  }

  /** True where this made an item. */
  tell(update: object, turnId: TurnId, isCall: boolean): boolean {
    const parsed = toolCallFields.safeParse(update);
    if (!parsed.success) return false;
    const id = parsed.data.toolCallId;
    const known = this.#records.get(id);
    // Some agents count their calls anew in each turn.
    const isOther = isCall && known && isEnded(known.item) && known.item.turnId !== turnId;
    if (known && !isOther) {
      known.tell(parsed.data, isCall);
      return false;
    }
    if (this.#records.size >= MOST_CALLS) this.#forgetOldest();
    const item = { ...newCallItem(turnId, id), tool: 'other', title: 'Tool call' };
    const record = new CallRecord(this.#session, this.#kept, { item, isKnown: false });
    this.#records.set(id, record);
    record.tell(parsed.data, isCall);
    return true;
  }

  /** A picture has no item of its own, so it is shown as what a call gave. */
  showImage(turnId: TurnId, view: ToolView): void {
    const at = new Date().toISOString();
    const item: ToolCallItem = {
      ...newCallItem(turnId, newId('item')),
      tool: 'image',
      title: 'Picture',
      state: 'done',
      view,
      startedAt: at,
      endedAt: at,
    };
    this.#session.transcript.put(item);
  }

  item(toolCallId: string): ToolCallItem | null {
    return this.#records.get(toolCallId)?.item ?? null;
  }

  facts(toolCallId: string): CallFacts | null {
    return this.#records.get(toolCallId)?.facts ?? null;
  }

  /** Resolves when what a terminal wrote until its end is in the items that show it. */
  async settled(jobId: JobId): Promise<void> {
    const showing = [...this.#records.values()].filter(({ item }) => item.jobId === jobId);
    await Promise.all(showing.map((record) => record.settled()));
  }

  /** Closes what is open, and forgets calls of turns before this one. */
  endTurn(state: 'done' | 'stopped' | 'failed', turnId: TurnId): void {
    for (const [id, record] of this.#records) {
      record.endTurn(state);
      if (record.item.turnId !== turnId && !record.isFollowing) this.#records.delete(id);
    }
  }

  close(): void {
    for (const record of this.#records.values()) record.close();
  }

  #forgetOldest(): void {
    const [first] = this.#records;
    if (!first) return;
    first[1].close();
    this.#records.delete(first[0]);
  }
}
