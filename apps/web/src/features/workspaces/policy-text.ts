import type { ApprovalPolicy } from '@farhand/shared/model/approvals';

/** A policy as a person chooses it. */
export interface PolicyText {
  readonly policy: ApprovalPolicy;
  /** As a label, in a few words. */
  readonly label: string;
  /** What it means, in one plain sentence. */
  readonly sentence: string;
}

/** All policies, the strictest first. */
export const POLICIES: readonly PolicyText[] = [
  {
    policy: 'ask_all',
    label: 'Asks for everything',
    sentence: 'Agents wait for you before each file they read, each edit and each command.',
  },
  {
    policy: 'ask_writes',
    label: 'Asks for what is not read-only',
    sentence:
      'Agents read as they like, and wait for you before they change a file or run what may change one.',
  },
  {
    policy: 'ask_outside',
    label: 'Asks for what leaves the workspace',
    sentence:
      'Agents work freely in the workspace’s folder, and wait for you before anything that leaves it or cannot be seen to stay in it.',
  },
  {
    policy: 'never',
    label: 'Never asks',
    sentence: 'Agents run every command as your user on the host, without you.',
  },
];

/** What is said of a policy. */
export function policyText(policy: ApprovalPolicy): PolicyText {
  const found = POLICIES.find((one) => one.policy === policy);
  if (!found) throw new RangeError(policy);
  return found;
}
