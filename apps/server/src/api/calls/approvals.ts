import type { Domains } from '../domains.ts';
import { actorOf, type CallsOf, done } from './table.ts';

/** Calls about approvals and their policies. */
export function approvalCalls({ approvals }: Domains): CallsOf<'approval'> {
  return {
    'approval.list': (filter) => ({ approvals: approvals.list(filter) }),
    'approval.decide': (input, caller) => ({ approval: approvals.decide(input, actorOf(caller)) }),
    'approval.rules': ({ workspaceId }) => ({ rules: approvals.rules(workspaceId) }),
    'approval.remove_rule': ({ workspaceId, ruleId }) => done(approvals.removeRule(workspaceId, ruleId)),
    'approval.default_policy': () => ({ policy: approvals.defaultPolicy() }),
    'approval.set_default_policy': ({ policy }) => done(approvals.setDefaultPolicy(policy)),
  };
}
