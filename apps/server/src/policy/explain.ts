import type { PolicyExplanation } from '@farhand/shared/model/policy';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import { type JudgeDeps, judgeByRules, type RuleSet } from './judge-by-rules.ts';
import type { ReadyRule } from './rules/decide.ts';
import type { ShellCommand } from './shell/shell-commands.ts';

/** Where nothing is said of a workspace: a folder that no path leads out of by chance. */
const SOMEWHERE = '/workspace';

/** How a command would be judged, part by part. */
export function explanationOf(
  deps: JudgeDeps,
  set: RuleSet,
  { command, host, agent, user, directory, cwd, preset }: ParsedInput<'policy.explain'>,
): PolicyExplanation {
  const place = directory ?? cwd ?? SOMEWHERE;
  const judged = { subject: { kind: 'command', command } as const, paths: [], cwd, directory: place };
  const context = { preset, patterns: [], hostId: host, user, agent };
  const { judgement, rule, unresolved, steps } = judgeByRules(deps, set, judged, context);
  return {
    verdict: judgement.kind,
    why: judgement.kind === 'allowed' ? whyAllowed(rule) : judgement.why,
    rule: named(rule),
    unresolved,
    steps: steps.map((step) => ({
      command: shownCommand(step.command),
      within: [...step.command.within],
      verdict: step.verdict,
      why: step.why,
      rule: named(step.rule),
    })),
  };
}

const whyAllowed = (rule: ReadyRule | null) =>
  rule === null ? 'The policy of the workspace does not ask for it.' : `The rule “${rule.name}” allows it.`;

const named = (rule: ReadyRule | null) => (rule === null ? null : { name: rule.name, line: rule.line });

/** The words as a shell would be given them; `…` stands for what only the run tells. */
function shownCommand({ words, redirections, assignments }: ShellCommand): string {
  const shown = [
    ...assignments.map((name) => `${name}=…`),
    ...words.map(shownWord),
    ...redirections.map(({ isOutput, target }) => `${isOutput ? '>' : '<'} ${shownWord(target)}`),
  ];
  return shown.join(' ');
}

function shownWord({ text, isKnown, hasGlob }: ShellCommand['words'][number]): string {
  if (!isKnown) return `${text}…`;
  return hasGlob || /^[\w@%+=:,./^~-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
