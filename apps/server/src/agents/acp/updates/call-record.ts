import type { JobId } from '@farhand/shared/model/ids';
import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import type { AgentSession } from '../../agent.ts';
import type { KeptPlace } from '../connection/kept.ts';
import { readTerminalId } from '../services/terminal-id.ts';
import type { Showing } from './call-views.ts';
import { drawCall, isEnded, outputOf } from './draw-call.ts';
import { followTerminal } from './follow-terminal.ts';
import { HeldText } from './held-text.ts';
import { LiveOutput, withOutput } from './live-output.ts';
import { type CallFacts, hasNews, type ToolCallFields, withFields } from './tool-call-fields.ts';

const NOTHING: CallFacts = { rawInput: undefined, rawOutput: undefined };

/** One tool call: what the agent told of it, and its item. */
export class CallRecord {
  readonly #session: AgentSession;
  readonly #kept: KeptPlace;
  readonly #watching = new AbortController();
  #item: ToolCallItem;
  #facts: CallFacts = NOTHING;
  #isAnnounced: boolean;
  #isShown: boolean;
  #output: LiveOutput | null = null;
  #ownOutput: HeldText | null = null;
  #following: Promise<void> = Promise.resolve();

  /** `isKnown` where the item is in the transcript already. */
  constructor(
    session: AgentSession,
    kept: KeptPlace,
    { item, isKnown }: { readonly item: ToolCallItem; readonly isKnown: boolean },
  ) {
    this.#session = session;
    this.#kept = kept;
    this.#item = item;
    this.#isAnnounced = isKnown;
    this.#isShown = isKnown;
    if (isKnown && item.jobId !== null && item.exit === null) this.#follow(item.jobId);
  }

  get item(): ToolCallItem {
    return this.#item;
  }

  /** Empty for a call of before a restart. */
  get facts(): CallFacts {
    return this.#facts;
  }

  /** `isCall` for the message that begins a call; where updates came first it only adds what they did not say. */
  tell(fields: ToolCallFields, isCall: boolean): void {
    const { toolCallId: _, _meta: meta, ...told } = fields;
    this.#facts =
      isCall && !this.#isAnnounced
        ? withFields(withFields(NOTHING, told), this.#facts)
        : withFields(this.#facts, told);
    this.#isAnnounced ||= isCall;
    if (hasNews(told) || !this.#isShown) this.#draw(told);
    const terminal = fields.content?.find((content) => content.type === 'terminal');
    if (terminal) this.#attach(terminal.terminalId);
    if (meta) this.#tellOwnTerminal(meta);
    // What it was given and gave may be large, and is in the item.
    if (isEnded(this.#item))
      this.#facts = { ...this.#facts, content: undefined, rawInput: undefined, rawOutput: undefined };
  }

  /** Ends it, where it has not ended, because its turn has. */
  endTurn(state: 'done' | 'stopped' | 'failed'): void {
    this.#output?.end();
    if (isEnded(this.#item)) return;
    const now = new Date().toISOString();
    this.#put({ ...this.#item, state, startedAt: this.#item.startedAt ?? now, endedAt: now });
  }

  /** Resolves when the output of its terminal, if it has one that ended, is in the item. */
  settled(): Promise<void> {
    return this.#following;
  }

  get isFollowing(): boolean {
    return this.#item.jobId !== null && this.#item.exit === null && !this.#watching.signal.aborted;
  }

  close(): void {
    this.#watching.abort();
    this.#output?.dispose();
  }

  #draw(news: CallFacts): void {
    const drawn = drawCall(this.#item, { facts: this.#facts, news }, this.#showing);
    const text = drawn.toolKind === 'execute' && this.#output === null ? outputOf(this.#facts, drawn) : null;
    const { redactor } = this.#showing;
    this.#put(text === null ? drawn : withOutput(drawn, redactor.text(text)));
  }

  #attach(terminalId: string): void {
    // Any other job of the host is none of its business: to show one, and to end it with the session.
    const own = readTerminalId(this.#session.sessionId, terminalId);
    if (!own || this.#item.jobId === own.jobId) return;
    this.#put({ ...this.#item, jobId: own.jobId });
    this.#follow(own.jobId);
  }

  #follow(jobId: JobId): void {
    const output = this.#newOutput('from_start');
    const { place, secrets } = this.#session;
    const { signal } = this.#watching;
    this.#following = followTerminal({
      runtime: place.runtime,
      jobId,
      redactor: secrets.redactor(),
      signal,
      onText: (text) => output.push(text),
    }).then((exit) => {
      if (signal.aborted) return;
      output.end();
      if (exit) this.#put({ ...this.#item, exit });
    });
  }

  #tellOwnTerminal(meta: NonNullable<ToolCallFields['_meta']>): void {
    const { terminal_output: piece, terminal_exit: end } = meta;
    if (this.#item.jobId !== null) return;
    if (piece) {
      const output = (this.#output ??= this.#newOutput('goes_on'));
      this.#ownOutput ??= new HeldText(this.#kept, this.#item.id, this.#showing.redactor);
      output.push(this.#ownOutput.push(piece.data));
    }
    if (!end) return;
    if (this.#ownOutput) this.#output?.push(this.#ownOutput.end());
    this.#ownOutput = null;
    this.#output?.end();
    const { signal, exit_code: code } = end;
    if (signal) this.#put({ ...this.#item, exit: { kind: 'signaled', signal: signal.slice(0, 40) } });
    else if (typeof code === 'number') this.#put({ ...this.#item, exit: { kind: 'exited', code } });
  }

  #newOutput(how: 'from_start' | 'goes_on'): LiveOutput {
    this.#output?.dispose();
    const owner = { get: () => this.#item, set: (item: ToolCallItem) => void (this.#item = item) };
    return (this.#output = new LiveOutput(this.#session.transcript, owner, how));
  }

  get #showing(): Showing {
    return { directory: this.#session.place.directory, redactor: this.#session.secrets.redactor() };
  }

  #put(item: ToolCallItem): void {
    this.#item = item;
    this.#isShown = true;
    this.#session.transcript.put(item);
  }
}
