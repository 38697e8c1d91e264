import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { TokenUsage } from '@farhand/shared/model/sessions';
import type { ResolvedModel } from '../../../models/models.ts';
import type { AgentTurn } from '../../agent.ts';
import type { Message } from '../messages.ts';
import { askUntilAnswered, type ModelTiming } from '../model/retry.ts';
import { type AnswerSink, askOnce } from '../model/step.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import { shorterForms } from './shorten.ts';

/** What a summary may be long, in characters. */
const LONGEST_SUMMARY = 40_000;
const UNHEARD: AnswerSink = { text() {}, reasoning() {}, end() {}, call() {} };

/** With what the conversation's own model is asked. */
export interface SummaryRequest {
  readonly turn: Pick<AgentTurn, 'signal' | 'reports' | 'secrets'>;
  readonly model: ResolvedModel;
  /** The same as in the turn: a provider that keeps what it read finds it again. */
  readonly system: string;
  readonly toolbox: Pick<Toolbox, 'offered'>;
  readonly timing: ModelTiming;
  readonly messages: readonly Message[];
  /** What the person wants to be kept in mind; empty for nothing. */
  readonly wish: string;
  readonly onUsed: (usage: TokenUsage) => void;
}

/** The conversation in few words, secrets redacted. Throws `FarhandError` (`model.*`) and `Interrupted`. */
export async function summarise(request: SummaryRequest): Promise<string> {
  for (const messages of shorterForms(request.messages)) {
    try {
      return await ask(request, messages);
    } catch (thrown) {
      if (!FarhandError.is(thrown) || thrown.code !== 'model.context_full') throw thrown;
    }
  }
  throw new FarhandError('model.context_full');
}

async function ask(request: SummaryRequest, messages: readonly Message[]): Promise<string> {
  const { turn, model, system, toolbox, timing, wish, onUsed } = request;
  const question = wish === '' ? QUESTION : `${QUESTION}\n\nThe person wants above all to be kept: ${wish}`;
  const answer = await askUntilAnswered({
    ask: () =>
      askOnce({
        model,
        system,
        messages: [...messages, { role: 'user', text: question }],
        // Providers refuse calls in a conversation without the tools that they are of.
        tools: toolbox.offered(),
        callIds: new Set(),
        sink: UNHEARD,
        signal: turn.signal,
        stallMs: timing.stallMs,
      }),
    onRetry: turn.reports.retrying,
    signal: turn.signal,
    timing,
    gate: model.gate,
  });
  onUsed(answer.usage);
  const text = turn.secrets.redactor().text(answer.text.trim()).slice(0, LONGEST_SUMMARY);
  if (text === '') throw new FarhandError('model.failed', { message: 'The model gave no summary.' });
  return text;
}

const QUESTION = [
  'The conversation is nearly too long to be read on. Write what you need to go on with it without what was said so far: your answer takes its place. Call no tool. In Markdown, under these headings:',
  '- **Task**: what the person asked for, their wishes and limits, in their own words where these matter.',
  '- **Done**: what was changed (files, commits), which commands were run and what came out.',
  '- **Known**: what was found out: where things are, how they are built and tested, errors and their causes.',
  '- **Left**: what is under way right now and the next steps, running background jobs with their ids.',
  'Be exact about names, paths, ids and numbers; leave out what can be looked up again.',
].join('\n');
