import type { TokenUsage } from '@farhand/shared/model/sessions';
import {
  type AssistantModelMessage,
  type FinishReason,
  jsonSchema,
  type LanguageModelUsage,
  type ModelMessage,
  streamText,
  type TextStreamPart,
  type ToolSet,
  tool,
} from 'ai';
import type { z } from 'zod';
import type { ResolvedModel } from '../../../models/models.ts';
import { throwIfInterrupted } from '../interrupted.ts';
import type { Message, ToolRequest } from '../messages.ts';
import { toModelMessages } from './convert.ts';
import { type Effort, effortOptions } from './effort.ts';
import { cut, readModelError, stalled } from './errors.ts';
import { languageModel } from './provider.ts';
import { Watchdog } from './watchdog.ts';

// The library prints warnings about settings to the console otherwise.
globalThis.AI_SDK_LOG_WARNINGS = false;

/** A tool as the model is told of it. */
interface ToolDeclaration {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType;
  /** In place of `input`, for a tool of elsewhere. */
  readonly jsonSchema?: Record<string, unknown>;
}

/** Hears an answer as it streams. `id` tells the parts of one answer apart. */
export interface AnswerSink {
  text(id: string, delta: string): void;
  reasoning(id: string, delta: string): void;
  end(id: string): void;
  /** The model began to write the arguments of a call. */
  call(callId: string, tool: string): void;
}

export interface StepRequest {
  readonly model: ResolvedModel;
  readonly system: string;
  readonly effort?: Effort;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDeclaration[];
  /** Call ids that are taken. */
  readonly callIds: ReadonlySet<string>;
  readonly sink: AnswerSink;
  readonly signal: AbortSignal;
  readonly stallMs: number;
}

/** One whole answer. */
export interface Answer {
  readonly text: string;
  readonly calls: readonly ToolRequest[];
  /** For `AssistantMessage.native`. */
  readonly native: unknown;
  readonly usage: TokenUsage;
  /** `length`: cut at the model's limit; `filtered`: held back by the provider. */
  readonly end: 'whole' | 'length' | 'filtered';
}

/** Asks the model once and streams its answer; runs no tool. Throws `ModelFailure` or `Interrupted`; prints nothing. */
export async function askOnce(request: StepRequest): Promise<Answer> {
  const { model, signal, stallMs } = request;
  const watchdog = new Watchdog(stallMs);
  try {
    return await stream(request, watchdog);
  } catch (thrown) {
    throwIfInterrupted(signal);
    if (watchdog.signal.aborted) throw stalled(model.ref, stallMs);
    throw readModelError(thrown, model.ref);
  } finally {
    watchdog.stop();
  }
}

async function stream(request: StepRequest, watchdog: Watchdog): Promise<Answer> {
  const { model, sink, signal } = request;
  const asked = streamText({
    model: await languageModel(model, watchdog.fetch),
    system: { role: 'system', content: request.system, providerOptions: CACHED },
    messages: markCached(toModelMessages(request.messages, model.kind)),
    tools: declare(request.tools),
    abortSignal: AbortSignal.any([signal, watchdog.signal]),
    // Tries are counted and shown by retry.ts.
    maxRetries: 0,
    providerOptions: providerOptions(model, request.effort),
    // Errors arrive as parts; without this they are printed, the whole request with them.
    onError: () => {},
  });
  const heard = new Heard(request.callIds);
  for await (const part of asked.fullStream) heard.take(part, sink);
  if (heard.finish === null) throw cut(model.ref);
  const native = (await asked.response).messages.find((message) => message.role === 'assistant');
  return heard.answer(native);
}

class Heard {
  readonly #taken: Set<string>;
  readonly #renamed = new Map<string, string>();
  readonly #unread = new Map<string, unknown>();
  #text = '';
  finish: { reason: FinishReason; usage: LanguageModelUsage } | null = null;

  constructor(taken: ReadonlySet<string>) {
    this.#taken = new Set(taken);
  }

  take(part: TextStreamPart<ToolSet>, sink: AnswerSink): void {
    switch (part.type) {
      case 'text-delta':
        this.#text += part.text;
        return sink.text(`text ${part.id}`, part.text);
      case 'reasoning-delta':
        return sink.reasoning(`reasoning ${part.id}`, part.text);
      case 'text-end':
        return sink.end(`text ${part.id}`);
      case 'reasoning-end':
        return sink.end(`reasoning ${part.id}`);
      case 'tool-input-start':
        return sink.call(this.#rename(part.id), part.toolName);
      case 'tool-call':
        if (typeof part.input !== 'object') this.#unread.set(part.toolCallId, part.input);
        return;
      case 'error':
        throw part.error;
      case 'finish-step':
        return this.#finish(part);
    }
  }

  answer(native: AssistantModelMessage | undefined): Answer {
    const parts = typeof native?.content === 'object' ? native.content : [];
    const calls: ToolRequest[] = [];
    const content = parts.map((part) => {
      if (part.type !== 'tool-call') return part;
      const unread = this.#unread.get(part.toolCallId);
      const problem = unread === undefined ? null : 'The arguments are not valid JSON.';
      const toolCallId = this.#rename(part.toolCallId);
      calls.push({ callId: toolCallId, tool: part.toolName, input: unread ?? part.input, problem });
      return { ...part, toolCallId };
    });
    const { reason, usage } = this.finish ?? { reason: 'other', usage: null };
    return {
      text: this.#text,
      calls,
      native: native && { ...native, content },
      usage: {
        input: usage?.inputTokens ?? 0,
        output: usage?.outputTokens ?? 0,
        cachedInput: usage?.inputTokenDetails.cacheReadTokens ?? 0,
      },
      end: reason === 'length' ? 'length' : reason === 'content-filter' ? 'filtered' : 'whole',
    };
  }

  #finish(part: Extract<TextStreamPart<ToolSet>, { type: 'finish-step' }>): void {
    // A stream that just ends is given a reason by the library, but none of the provider's own.
    const isCut =
      part.finishReason === 'error' || (part.finishReason === 'other' && part.rawFinishReason === undefined);
    if (!isCut) this.finish = { reason: part.finishReason, usage: part.usage };
  }

  #rename(callId: string): string {
    const known = this.#renamed.get(callId);
    if (known) return known;
    const isFree = callId !== '' && !this.#taken.has(callId);
    const name = isFree ? callId : `call_${crypto.randomUUID().replaceAll('-', '')}`;
    this.#renamed.set(callId, name);
    return name;
  }
}

function providerOptions(model: ResolvedModel, effort: Effort = 'default') {
  const { openai, ...others } = effortOptions(model, effort);
  // Nothing of a conversation is kept at the provider.
  return { ...others, openai: { ...openai, store: false } };
}

function declare(tools: readonly ToolDeclaration[]): ToolSet {
  return Object.fromEntries(
    tools.map(({ name, description, input, jsonSchema: foreign }) => [
      name,
      tool({ description, inputSchema: foreign ? jsonSchema(foreign) : input }),
    ]),
  );
}

/** Anthropic reads what comes before this mark from its cache; others ignore it. */
const CACHED = { anthropic: { cacheControl: { type: 'ephemeral' } } };

function markCached(messages: ModelMessage[]): ModelMessage[] {
  const last = messages.at(-1);
  return last ? [...messages.slice(0, -1), { ...last, providerOptions: CACHED }] : messages;
}
