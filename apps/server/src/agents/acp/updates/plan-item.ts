import { newId, type TurnId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { z } from 'zod';
import type { AgentSession } from '../../agent.ts';
import { oneLine } from './bounds.ts';

type PlanEntries = Extract<TranscriptItem, { kind: 'plan' }>;

const MOST_ENTRIES = 200;
const STATES = { pending: 'open', in_progress: 'doing', completed: 'done' } as const;

const planUpdate = z.object({
  entries: z.array(
    z.object({
      content: z.string(),
      status: z.enum(['pending', 'in_progress', 'completed']).catch('pending'),
    }),
  ),
});

/** An agent's checklist: one a turn, replaced as a whole. */
export class PlanItem {
  readonly #session: AgentSession;
  #item: PlanEntries | null;

  constructor(session: AgentSession, items: readonly TranscriptItem[]) {
    this.#session = session;
    this.#item = items.findLast((item) => item.kind === 'plan') ?? null;
  }

  /** True where this made an item. */
  tell(update: object, turnId: TurnId): boolean {
    const parsed = planUpdate.safeParse(update);
    if (!parsed.success) return false;
    const redactor = this.#session.secrets.redactor();
    const entries = parsed.data.entries.slice(0, MOST_ENTRIES).map(({ content, status }) => ({
      text: redactor.text(oneLine(content, 1000)),
      state: STATES[status],
    }));
    const known = this.#item?.turnId === turnId ? this.#item : null;
    if (known === null && entries.length === 0) return false;
    const at = new Date().toISOString();
    this.#item = known ? { ...known, entries } : { id: newId('item'), turnId, at, kind: 'plan', entries };
    this.#session.transcript.put(this.#item);
    return known === null;
  }
}
