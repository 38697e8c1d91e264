import type { ItemId, JobId, SessionId } from '@farhand/shared/model/ids';
import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import type { TranscriptWriter } from '../../transcripts/transcripts.ts';
import { MiddleCut } from './tools/cut.ts';
import type { LiveCall } from './tools/tool.ts';

/** Output of one call that a page keeps, in characters; beyond it the middle is left out. */
const SHOWN = { head: 24 * 1024, tail: 24 * 1024 };
/** Output beyond that is shown as a whole item each time, so it is shown less often. */
const REDRAW_MS = 250;

/** A tool call's item in the transcript while the call runs. */
export class CallItem implements LiveCall {
  readonly #writer: TranscriptWriter;
  #item: ToolCallItem;
  #output = new MiddleCut(SHOWN.head, SHOWN.tail);
  #redraw: NodeJS.Timeout | null = null;

  constructor(writer: TranscriptWriter, item: ToolCallItem) {
    this.#writer = writer;
    this.#item = item;
  }

  get callId(): string {
    return this.#item.callId;
  }

  get itemId(): ItemId {
    return this.#item.id;
  }

  get childSessionId(): SessionId | null {
    return this.#item.childSessionId ?? null;
  }

  get shownOutput(): string {
    return this.#item.output;
  }

  get jobId(): JobId | null {
    return this.#item.jobId;
  }

  get startedAtMs(): number {
    return this.#item.startedAt === null ? Date.now() : Date.parse(this.#item.startedAt);
  }

  update(change: Partial<ToolCallItem>): void {
    this.#item = { ...this.#item, ...change };
    this.#writer.put(this.#item);
  }

  setJob(jobId: JobId): void {
    this.update({ jobId });
    this.#writer.flush();
  }

  setChild(sessionId: SessionId): void {
    this.update({ childSessionId: sessionId });
    this.#writer.flush();
  }

  restartOutput(): void {
    this.#output = new MiddleCut(SHOWN.head, SHOWN.tail);
    if (this.#item.output !== '') this.update({ output: '' });
  }

  output(text: string): void {
    if (text === '') return;
    this.#output.push(text);
    const grown = this.#item.output + text;
    if (grown.length <= SHOWN.head + SHOWN.tail && !this.#output.isCut) {
      this.#item = { ...this.#item, output: grown };
      this.#writer.append(this.#item.id, 'output', text);
      return;
    }
    this.#redraw ??= setTimeout(() => this.#draw(), REDRAW_MS);
  }

  /** The last word on this call. */
  end(change: Partial<ToolCallItem>): void {
    this.dispose();
    this.update({
      ...change,
      output: this.#output.isEmpty ? this.#item.output : this.#shownOutput(),
      endedAt: new Date().toISOString(),
    });
  }

  /** Shows nothing more. */
  dispose(): void {
    if (this.#redraw) clearTimeout(this.#redraw);
    this.#redraw = null;
  }

  #draw(): void {
    this.#redraw = null;
    this.update({ output: this.#shownOutput() });
  }

  #shownOutput(): string {
    return this.#output.text((omitted) => `\x1b[0m[… ${omitted} characters left out …]`);
  }
}
