import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import type { TranscriptWriter } from '../../../transcripts/transcripts.ts';
import { MiddleCut } from '../../builtin/tools/cut.ts';

/** Output of one call that a page keeps, in characters; beyond it the middle is left out. */
const SHOWN = { head: 24 * 1024, tail: 24 * 1024 };
/** Output beyond that is shown as a whole item each time, so it is shown less often. */
const REDRAW_MS = 250;

/** The call whose output grows: read and put back whole, for other things of it change too. */
export interface OutputOwner {
  get(): ToolCallItem;
  set(item: ToolCallItem): void;
}

/** The output of a call's command, bounded. `from_start` where it is read from its beginning again after a restart. */
export class LiveOutput {
  readonly #writer: TranscriptWriter;
  readonly #owner: OutputOwner;
  readonly #kept = new MiddleCut(SHOWN.head, SHOWN.tail);
  #redraw: NodeJS.Timeout | null = null;

  constructor(writer: TranscriptWriter, owner: OutputOwner, how: 'from_start' | 'goes_on') {
    this.#writer = writer;
    this.#owner = owner;
    const item = owner.get();
    if (how === 'goes_on') this.#kept.push(item.output);
    else if (item.output !== '') this.#show('', item);
  }

  push(text: string): void {
    if (text === '') return;
    this.#kept.push(text);
    const item = this.#owner.get();
    if (!this.#kept.isCut && item.output.length + text.length <= SHOWN.head + SHOWN.tail) {
      this.#owner.set({ ...item, output: item.output + text });
      this.#writer.append(item.id, 'output', text);
    } else this.#redraw ??= setTimeout(() => this.end(), REDRAW_MS);
  }

  /** Shows what waits to be shown. */
  end(): void {
    if (this.#redraw) clearTimeout(this.#redraw);
    if (this.#redraw) this.#show(this.#text(), this.#owner.get());
    this.#redraw = null;
  }

  dispose(): void {
    if (this.#redraw) clearTimeout(this.#redraw);
    this.#redraw = null;
  }

  #text(): string {
    return this.#kept.text((omitted) => `\x1b[0m[… ${omitted} characters left out …]`);
  }

  #show(output: string, item: ToolCallItem): void {
    const next = { ...item, output };
    this.#owner.set(next);
    this.#writer.put(next);
  }
}

/** A whole output that replaces the one before, as an agent resends it; it grows where the new one only adds to it. */
export function withOutput(item: ToolCallItem, text: string): ToolCallItem {
  const kept = new MiddleCut(SHOWN.head, SHOWN.tail);
  kept.push(text);
  const output = kept.text((omitted) => `\x1b[0m[… ${omitted} characters left out …]`);
  return output === item.output ? item : { ...item, output };
}
