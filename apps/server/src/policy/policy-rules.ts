import type { Actor } from '@farhand/shared/model/audit';
import type {
  PolicyExplanation,
  PolicyFile,
  PolicyProblem,
  PolicyProposal,
} from '@farhand/shared/model/policy';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import type { Policy } from './policy.ts';

/** The person's rules: read, changed, tried, proposed. */
export interface PolicyRules extends Policy {
  get(): PolicyFile;
  /** Throws `policy.invalid`, `policy.changed`, and what `ConfigFile` throws. */
  setRule(input: ParsedInput<'policy.set_rule'>, by: Actor): PolicyFile;
  removeRule(input: ParsedInput<'policy.remove_rule'>, by: Actor): PolicyFile;
  moveRule(input: ParsedInput<'policy.move_rule'>, by: Actor): PolicyFile;
  replace(text: string, by: Actor): PolicyFile;
  check(text: string): PolicyProblem[];
  explain(input: ParsedInput<'policy.explain'>): PolicyExplanation;
  proposals(): PolicyProposal[];
  /** Closes the file too. */
  close(): void;
}
