import { type ItemId, newId, type TurnId } from '@farhand/shared/model/ids';
import type { ToolCallItem, TranscriptItem } from '@farhand/shared/model/transcripts';
import type { Redactor } from '../../secrets/redactor.ts';
import type { TranscriptWriter } from '../../transcripts/transcripts.ts';
import type { ToolRequest } from './messages.ts';
import type { AnswerSink } from './model/step.ts';
import { clipDeep, redactDeep } from './redact.ts';
import type { Toolbox } from './tools/toolbox.ts';

/** Long arguments are seen in the call's view, not here. */
const SHOWN_ARGUMENT = 8 * 1024;

interface Growing {
  readonly item: Extract<TranscriptItem, { kind: 'text' | 'reasoning' }>;
  readonly stream: ReturnType<Redactor['stream']>;
  text: string;
}

interface AnswerItemsOptions {
  readonly turnId: TurnId;
  readonly writer: TranscriptWriter;
  readonly redactor: Redactor;
  readonly toolbox: Toolbox;
}

/** Shows one answer of the model as it streams. In the end it is kept whole, kept as far as it came, or discarded. */
export class AnswerItems implements AnswerSink {
  readonly #options: AnswerItemsOptions;
  readonly #growing = new Map<string, Growing>();
  readonly #calls = new Map<string, ToolCallItem>();
  readonly #ids: ItemId[] = [];
  #text = '';

  constructor(options: AnswerItemsOptions) {
    this.#options = options;
  }

  /** The items that show this answer. */
  get ids(): ItemId[] {
    return [...this.#ids];
  }

  /** The text so far, redacted. */
  get shownText(): string {
    return this.#text;
  }

  text(id: string, delta: string): void {
    this.#grow('text', id, delta);
  }

  reasoning(id: string, delta: string): void {
    this.#grow('reasoning', id, delta);
  }

  end(id: string): void {
    const growing = this.#growing.get(id);
    if (!growing) return;
    this.#growing.delete(id);
    this.#add(growing, growing.stream.end());
    this.#options.writer.put({ ...growing.item, text: growing.text, done: true });
  }

  call(callId: string, tool: string): void {
    this.#calls.set(callId, this.#begun(callId, tool));
  }

  /** The answer is whole: gives its calls, shown with their arguments. Stored when this returns. */
  keep(calls: readonly ToolRequest[]): ToolCallItem[] {
    const { writer } = this.#options;
    this.#endAll();
    const items = calls.map((request) => {
      const begun = this.#calls.get(request.callId) ?? this.#begun(request.callId, request.tool);
      const item = { ...begun, ...shownCall(request, this.#options) };
      writer.put(item);
      return item;
    });
    writer.flush();
    return items;
  }

  /** The person stopped it: what was said stays, calls that were being written never were. Stored when this returns. */
  keepText(): void {
    this.#endAll();
    for (const item of this.#calls.values()) this.#discard(item);
    this.#options.writer.flush();
  }

  /** It is asked for again. */
  discard(): void {
    this.#growing.clear();
    this.#calls.clear();
    const at = new Date().toISOString();
    for (const id of this.#ids)
      this.#options.writer.put({ id, turnId: this.#options.turnId, at, kind: 'discarded' });
  }

  #begun(callId: string, tool: string): ToolCallItem {
    const { turnId, redactor } = this.#options;
    const item: ToolCallItem = { ...newCallItem(turnId, callId), tool: redactor.text(tool), title: '…' };
    this.#put(item);
    return item;
  }

  #grow(kind: 'text' | 'reasoning', id: string, delta: string): void {
    if (delta === '') return;
    const known = this.#growing.get(id);
    const growing = known ?? this.#begin(kind);
    this.#growing.set(id, growing);
    this.#add(growing, growing.stream.push(delta));
  }

  #begin(kind: 'text' | 'reasoning'): Growing {
    const { turnId, redactor } = this.#options;
    const item = { id: newId('item'), turnId, at: new Date().toISOString(), kind, text: '', done: false };
    this.#put(item);
    return { item, stream: redactor.stream(), text: '' };
  }

  #add(growing: Growing, shown: string): void {
    growing.text += shown;
    if (growing.item.kind === 'text') this.#text += shown;
    this.#options.writer.append(growing.item.id, 'text', shown);
  }

  #put(item: TranscriptItem): void {
    this.#ids.push(item.id);
    this.#options.writer.put(item);
  }

  #endAll(): void {
    for (const id of this.#growing.keys()) this.end(id);
  }

  #discard({ id, turnId, at }: ToolCallItem): void {
    this.#options.writer.put({ id, turnId, at, kind: 'discarded' });
  }
}

/** A call that has not begun. */
export function newCallItem(turnId: TurnId, callId: string): ToolCallItem {
  return {
    id: newId('item'),
    turnId,
    at: new Date().toISOString(),
    kind: 'tool_call',
    callId,
    tool: '',
    title: '',
    input: {},
    state: 'pending',
    jobId: null,
    output: '',
    view: null,
    exit: null,
    result: null,
    startedAt: null,
    endedAt: null,
  };
}

/** What a page is told of a call's arguments. */
export function shownCall(
  { tool, input }: ToolRequest,
  { redactor, toolbox }: Pick<AnswerItemsOptions, 'redactor' | 'toolbox'>,
): Pick<ToolCallItem, 'title' | 'input' | 'view'> {
  const prepared = toolbox.named(tool)?.prepare(input);
  const { title, preview } = typeof prepared === 'object' ? prepared : { title: tool, preview: null };
  return {
    title: redactor.text(title.replace(/[\s\p{Cc}]+/gu, ' ')).slice(0, 300),
    input: clipDeep(redactDeep({ input }, redactor).input, SHOWN_ARGUMENT),
    view: redactDeep(preview, redactor),
  };
}
