import { newId, type TurnId } from '@farhand/shared/model/ids';
import { z } from 'zod';
import type { AgentSession } from '../../agent.ts';
import { emptyControls, modelOf, withControlUpdate } from '../controls.ts';
import { cutTo, oneLine } from './bounds.ts';

const CONTROL_UPDATES: ReadonlySet<string> = new Set([
  'available_commands_update',
  'current_mode_update',
  'config_option_update',
]);
/** Compactions that ended; what is in progress says nothing yet. */
const COMPACTIONS = {
  completed: 'The agent shortened what it remembers of this conversation.',
  failed: 'The agent could not shorten what it remembers of this conversation.',
} as const;
/** A turn's notices, so that a loop of an agent does not bury what was said. */
const MOST_NOTICES = 50;
const TOO_MANY: Told = { level: 'warning', text: 'The agent tells more than is shown in one turn.' };

interface Told {
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
}

const tokens = z.number().nonnegative();
const usageUpdate = z.object({
  used: tokens,
  size: tokens,
  cost: z.object({ amount: z.number().nonnegative(), currency: z.string() }).nullish().catch(undefined),
});
const infoUpdate = z.object({ title: z.string().nullish() });
const notice = z.object({ severity: z.string(), title: z.string(), description: z.string().nullish() });
const compaction = z.object({ status: z.enum(['completed', 'failed']), error: z.string().nullish() });

/** News of the session as a whole: its controls, title, use of tokens, notices. */
export class SessionNews {
  readonly #session: AgentSession;
  #turnId: TurnId | null = null;
  #notices = 0;

  constructor(session: AgentSession) {
    this.#session = session;
  }

  /** True where an item was made. */
  tell(update: { sessionUpdate: string }, turnId: TurnId): boolean {
    const session = this.#session;
    const kind = update.sessionUpdate;
    if (CONTROL_UPDATES.has(kind)) tellControls(session, update);
    else if (kind === 'session_info_update') tellTitle(session, update);
    else if (kind === 'usage_update') tellUsage(session, update);
    else if (kind === 'notice') return this.#tellNotice(noticeOf(update), turnId);
    else if (kind === 'compaction_update') return this.#tellNotice(compactionOf(update), turnId);
    return false;
  }

  #tellNotice(told: Told | null, turnId: TurnId): boolean {
    if (told === null) return false;
    if (this.#turnId !== turnId) this.#notices = 0;
    this.#turnId = turnId;
    this.#notices += 1;
    if (this.#notices > MOST_NOTICES + 1) return false;
    const { level, text } = this.#notices <= MOST_NOTICES ? told : TOO_MANY;
    const at = new Date().toISOString();
    const shown = this.#session.secrets.redactor().text(cutTo(text, 8 * 1024));
    this.#session.transcript.put({ id: newId('item'), turnId, at, kind: 'notice', level, text: shown });
    return true;
  }
}

function tellControls(session: AgentSession, update: { sessionUpdate: string }): void {
  const before = session.controls.get() ?? emptyControls(session.sessionId);
  const after = withControlUpdate(before, update);
  if (JSON.stringify(after) === JSON.stringify(before)) return;
  session.controls.set(after);
  const model = modelOf(after);
  if (model !== null && model !== modelOf(before)) session.reports.session({ model });
}

function tellTitle(session: AgentSession, update: object): void {
  const title = infoUpdate.safeParse(update).data?.title;
  const line = title ? session.secrets.redactor().text(oneLine(title, 200)) : '';
  if (line !== '') session.reports.session({ title: line });
}

function tellUsage(session: AgentSession, update: object): void {
  const parsed = usageUpdate.safeParse(update);
  if (!parsed.success) return;
  const { used, size, cost } = parsed.data;
  session.reports.session({
    ...(size > 0 ? { context: { used, limit: size } } : {}),
    ...(cost?.currency.toUpperCase() === 'USD' ? { costUsd: cost.amount } : {}),
  });
}

function noticeOf(update: object): Told | null {
  const parsed = notice.safeParse(update);
  if (!parsed.success) return null;
  const { severity, title, description } = parsed.data;
  const level = severity === 'warning' || severity === 'error' ? severity : 'info';
  return { level, text: description ? `${oneLine(title)}\n${description}` : oneLine(title) };
}

function compactionOf(update: object): Told | null {
  const parsed = compaction.safeParse(update);
  if (!parsed.success) return null;
  const { status, error } = parsed.data;
  const text = COMPACTIONS[status];
  return { level: status === 'failed' ? 'warning' : 'info', text: error ? `${text} ${error}` : text };
}
