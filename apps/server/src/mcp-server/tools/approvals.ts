import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Approval } from '@farhand/shared/model/approvals';
import { approvalId, sessionId, workspaceId } from '@farhand/shared/model/ids';
import { z } from 'zod';
import { LOOKS, tool } from '../tool.ts';

const shownApproval = z.object({
  approvalId,
  title: z.string(),
  why: z.string(),
  sessionId: sessionId.nullable(),
  workspaceId: workspaceId.nullable(),
  host: z.string(),
  askedAt: z.string(),
  decision: z.enum(['open', 'allowed', 'denied', 'answered', 'void']),
  reason: z.string().nullable().describe('Why it was denied, or not decided.'),
});

function shown(one: Approval): z.infer<typeof shownApproval> {
  const { decision } = one;
  return {
    approvalId: one.id,
    title: one.title,
    why: one.why,
    sessionId: one.sessionId,
    workspaceId: one.workspaceId,
    host: one.hostId,
    askedAt: one.askedAt,
    decision: decision?.kind ?? 'open',
    reason: decision?.kind === 'denied' || decision?.kind === 'void' ? decision.reason : null,
  };
}

/** Tools that look at questions. There is none that answers one: an agent must not allow itself. */
export const approvalTools = [
  tool({
    name: 'approvals_list',
    title: 'List open approvals',
    description:
      'What waits for a person’s answer. Only a person can answer, in the page or with `farhand approvals`.',
    needs: ['approval.list'],
    annotations: LOOKS,
    input: z.object({ sessionId: sessionId.optional() }),
    output: z.object({ approvals: z.array(shownApproval) }),
    async run({ sessionId: id }, { call, signal }) {
      const { approvals } = await call('approval.list', { sessionId: id ?? null, isOpen: true }, { signal });
      return { output: { approvals: approvals.map(shown) } };
    },
  }),
  tool({
    name: 'approvals_status',
    title: 'Look at one approval',
    description: 'Whether a person has answered a question by now, and how.',
    needs: ['approval.list'],
    annotations: LOOKS,
    input: z.object({ approvalId }),
    output: z.object({ approval: shownApproval }),
    async run({ approvalId: id }, { call, signal }) {
      for (const isOpen of [true, false]) {
        const { approvals } = await call('approval.list', { isOpen }, { signal });
        const found = approvals.find((one) => one.id === id);
        if (found) return { output: { approval: shown(found) } };
      }
      throw new FarhandError('approval.not_found');
    },
  }),
];
