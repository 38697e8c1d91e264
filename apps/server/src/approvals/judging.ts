import type { Approval } from '@farhand/shared/model/approvals';
import type { ApprovalRequest } from '../agents/agent.ts';
import type { Judgement, Policy } from '../policy/policy.ts';
import type { Asker } from './approvals.ts';
import { judge } from './policy/policy.ts';
import type { RuleStore } from './rule-store.ts';

/** The presets and patterns alone. */
export const PRESETS: Policy = {
  judge: (judged, { preset, patterns }) => judge(judged, preset, patterns),
};

const ALL_ASKED =
  'What other programs run on a host outside of workspaces is asked about, unless a rule of yours allows it.';

/** What the policy says to a question of this asker, whatever was answered before. */
export function judgeQuestion(
  { policy, rules }: { policy: Policy; rules: RuleStore },
  { asker, question, request }: { asker: Asker; question: Approval; request: Pick<ApprovalRequest, 'paths'> },
): Judgement {
  const { subject, cwd, hostId } = question;
  const judged = { subject, cwd, paths: request.paths, directory: asker.workspace?.directory ?? null };
  if (asker.session !== null) {
    const { workspace, session } = asker;
    const patterns = rules.patterns(workspace.id, session.id);
    const context = { preset: workspace.approvalPolicy, patterns, hostId, user: null, agent: session.agent };
    return policy.judge(judged, context);
  }
  const { preset, by } = asker;
  const agent = by.name === null ? by.kind : by.kind === 'token' ? `token:${by.name}` : by.name;
  // “Always allow” was said to agents in a workspace, and means nobody else.
  const context = { patterns: [], hostId, user: null, agent };
  if (preset !== 'always') {
    const judgement = policy.judge(judged, { ...context, preset });
    const isOfPreset = judgement.kind === 'ask' && judgement.rule === null && preset === 'ask_all';
    return isOfPreset ? { ...judgement, why: ALL_ASKED } : judgement;
  }
  const judgement = policy.judge(judged, { ...context, preset: 'never' });
  if (judgement.kind !== 'allowed') return judgement;
  return { kind: 'ask', why: 'This is always asked.', rule: null };
}
