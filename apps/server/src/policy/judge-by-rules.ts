import { posix } from 'node:path';
import type { PolicyVerdict } from '@farhand/shared/model/policy';
import {
  type CommandStep,
  commandSteps,
  isElsewhere,
  unresolved,
} from '../approvals/policy/command-steps.ts';
import {
  exactPattern,
  isAlwaysAsked,
  isAsked,
  judge,
  outsidePaths,
  whyOf,
} from '../approvals/policy/policy.ts';
import { worst } from '../approvals/policy/verdict.ts';
import type { Judged, Judgement, PolicyContext } from './policy.ts';
import {
  applies,
  type Circumstances,
  type Decision,
  decideCommand,
  decideOther,
  type ReadyRule,
} from './rules/decide.ts';
import type { Cwds } from './rules/paths.ts';
import type { ShellCommand, ShellCommands } from './shell/shell-commands.ts';

/** What rules are judged by. */
export interface RuleSet {
  readonly rules: readonly ReadyRule[];
  /** Why the file cannot be used now; then its last good rules may deny, and nothing is allowed. */
  readonly problem: string | null;
}

/** One simple command with what is said of it. */
interface JudgedStep {
  readonly command: ShellCommand;
  readonly verdict: PolicyVerdict;
  readonly why: string;
  readonly rule: ReadyRule | null;
}

/** The answer for a whole text, and for its parts. */
export interface JudgedText {
  readonly judgement: Judgement;
  readonly rule: ReadyRule | null;
  readonly unresolved: string | null;
  readonly steps: readonly JudgedStep[];
}

/** Everything that is needed to judge by rules. */
export interface JudgeDeps {
  readonly read: (text: string) => ShellCommands;
  readonly circumstances: (context: PolicyContext) => Circumstances;
}

/** Rules first, for each simple command; then the preset and the stored patterns for what no rule answers. */
export function judgeByRules(
  deps: JudgeDeps,
  set: RuleSet,
  judged: Judged,
  context: PolicyContext,
): JudgedText {
  const { subject } = judged;
  if (isAlwaysAsked(subject)) return whole(judge(judged, context.preset, context.patterns), null);
  if (subject.kind === 'command') return judgeText(deps, set, judged, subject.command, context);
  const cwds = cwdsOf(judged);
  const decision = decideOther(set.rules, otherOf(judged), cwds, deps.circumstances(context));
  const decided = decision && ofDecision(decision);
  if (decided && decided.judgement.kind !== 'allowed') return decided;
  if (set.problem !== null) return whole(asks(set.problem), null);
  // What comes with it and lies elsewhere is not what the rule says.
  if (decided && outsidePaths(judged, null).length === 0) return decided;
  return whole(judge(judged, context.preset, context.patterns, deps.read), null);
}

const whole = (judgement: Judgement, rule: ReadyRule | null): JudgedText => ({
  judgement,
  rule,
  unresolved: null,
  steps: [],
});

const asks = (why: string, rule: string | null = null): Judgement => ({ kind: 'ask', why, rule });

function ofDecision(decision: Decision): JudgedText {
  const { rule, effect } = decision;
  if (effect === 'allow') return whole({ kind: 'allowed', by: 'rule', rule: rule.name }, rule);
  if (effect === 'deny') return whole({ kind: 'denied', why: whyByRule(decision), rule: rule.name }, rule);
  return whole(asks(whyByRule(decision), rule.name), rule);
}

/** Why a rule decided so, in one sentence or two. */
function whyByRule({ rule, effect, isSure }: Decision): string {
  const { name, reason } = rule;
  const told = reason === null ? '' : ` ${reason}`;
  if (effect === 'allow') return `The rule “${name}” allows it.`;
  if (effect === 'deny') return `The rule “${name}” denies it.${told}`;
  if (!isSure) return `The rule “${name}” may be about this: only the run tells.${told}`;
  return `The rule “${name}” asks for it.${told}`;
}

function judgeText(
  { read, circumstances }: JudgeDeps,
  set: RuleSet,
  judged: Judged,
  text: string,
  context: PolicyContext,
): JudgedText {
  const shell = read(text);
  const unknown = unresolved(judged, shell);
  const around = circumstances(context);
  const steps = byRules(commandSteps(judged, shell, context.patterns), set, cwdsOf(judged), around);
  const shown = steps.map((step) => shownStep(step, context, unknown));
  const of = (judgement: Judgement, rule: ReadyRule | null): JudgedText => ({
    judgement,
    rule,
    unresolved: unknown,
    steps: shown,
  });
  const strongest = (effect: Decision['effect']) =>
    steps.find(({ decision }) => decision?.effect === effect)?.decision;
  const deciding = strongest('deny') ?? strongest('ask');
  if (deciding) return of(ofDecision(deciding).judgement, deciding.rule);
  if (set.problem !== null) return of(asks(set.problem), null);
  const unseen = unknown ?? unseenOf(steps);
  const hidden = unseen === null ? undefined : guarding(set, cwdsOf(judged), around);
  if (hidden)
    return of(asks(`The rule “${hidden.name}” may be about this, for ${unseen}.`, hidden.name), hidden);
  const { preset, patterns } = context;
  if (preset === 'never') return of({ kind: 'allowed', by: 'policy', rule: null }, null);
  const allowing = steps.map(({ decision }) => decision).filter((one) => one !== null);
  if (unknown !== null || allowing.length === 0) return of(judge(judged, preset, patterns, read), null);
  if (patterns.includes(exactPattern(judged))) return of({ kind: 'allowed', by: 'rule', rule: null }, null);
  const asked = [
    ...steps
      .filter((step) => isStepAsked(step, preset))
      .map(({ step, decision }) => (decision ? step.files : step.verdict)),
    ...outsidePaths(judged, null)
      .filter(({ verdict }) => isAsked(verdict, preset))
      .map(({ verdict }) => verdict),
  ];
  if (asked.length > 0) return of(asks(whyOf(worst(asked), preset)), null);
  const [first] = allowing;
  return of({ kind: 'allowed', by: 'rule', rule: first?.rule.name ?? null }, first?.rule ?? null);
}

interface RuledStep {
  readonly step: CommandStep & { readonly command: ShellCommand };
  readonly decision: Decision | null;
}

// A rule that names what a wrapper runs answers for that too, unless another one denies or asks.
function byRules(
  steps: readonly CommandStep[],
  set: RuleSet,
  { directory }: Cwds,
  around: Circumstances,
): RuledStep[] {
  let covered = 0;
  let covering: Decision | null = null;
  return steps.flatMap((step) => {
    const { command, cwds } = step;
    if (command === null) return [];
    const own = decideCommand(set.rules, command, { directory, cwds }, aroundOf(command, around));
    const decision = own ?? (covered > 0 ? covering : null);
    covered = Math.max(covered - 1, 0);
    if (own?.effect === 'allow' && own.namesInner && command.runs > 0) {
      covered = Math.max(covered, command.runs);
      covering = own;
    }
    return [{ step: { ...step, command }, decision }];
  });
}

// By `ssh` and `sudo` it is another machine, and another user: which, only their settings tell.
function aroundOf({ within }: ShellCommand, around: Circumstances): Circumstances {
  if (isElsewhere({ within })) return { ...around, hosts: null, user: null };
  return within.some((one) => AS_OTHERS.includes(one)) ? { ...around, user: null } : around;
}

const AS_OTHERS = ['sudo', 'doas', 'su', 'runuser', 'pkexec'];

// A rule is about words: where output goes, the preset says.
function isStepAsked({ step, decision }: RuledStep, preset: PolicyContext['preset']): boolean {
  if (decision)
    return step.files.effect !== 'read' && isAsked(step.files, preset === 'ask_all' ? 'ask_writes' : preset);
  return !step.isRuled && isAsked(step.verdict, preset);
}

// A rule that allows exactly such a command has answered for what it runs.
function unseenOf(steps: readonly RuledStep[]): string | null {
  const found = steps.find(
    ({ step, decision }) => step.command.reason !== null && decision?.effect !== 'allow',
  );
  return found ? `the command uses ${found.step.command.reason}, which is not judged` : null;
}

// The first rule that could be about something that is not seen.
function guarding({ rules }: RuleSet, cwds: Cwds, around: Circumstances): ReadyRule | undefined {
  return rules.find(
    (rule) =>
      rule.effect !== 'allow' &&
      rule.patterns.some(({ kind }) => kind === null) &&
      applies(rule, { ...cwds, cwds: [] }, around) !== 'no',
  );
}

function shownStep(ruled: RuledStep, { preset }: PolicyContext, unknown: string | null): JudgedStep {
  const { step, decision } = ruled;
  const { command, verdict, isRuled } = step;
  const is = (kind: PolicyVerdict, why: string, rule: ReadyRule | null = null): JudgedStep => ({
    command,
    verdict: kind,
    why,
    rule,
  });
  if (decision && decision.effect !== 'allow')
    return is(decision.effect === 'deny' ? 'denied' : 'ask', whyByRule(decision), decision.rule);
  if (preset === 'never') return is('allowed', 'The policy of the workspace never asks.');
  if (unknown !== null && decision)
    return is('ask', `A rule allows only what is known whole, and ${unknown}.`, decision.rule);
  if (isStepAsked(ruled, preset)) return is('ask', whyOf(decision ? step.files : verdict, preset));
  if (decision) return is('allowed', whyByRule(decision), decision.rule);
  if (isRuled) return is('allowed', 'It was allowed for always, or for this session.');
  return is(
    'allowed',
    command.isTransparent
      ? 'It only runs what is listed below.'
      : 'The policy of the workspace does not ask for this.',
  );
}

function cwdsOf({ directory, cwd }: Judged): Cwds {
  const begin = cwd ?? directory;
  return { directory, cwds: begin === null ? [] : [begin] };
}

function otherOf({ subject, paths, directory }: Judged): {
  kind: string;
  texts: readonly (readonly string[])[];
} {
  const { kind } = subject;
  const files =
    kind === 'edit' ? subject.files.map(({ path }) => path) : kind === 'read' ? [subject.path] : [];
  if (kind === 'edit' || kind === 'read')
    return { kind, texts: [...new Set([...files, ...paths])].map((path) => formsOf(path, directory)) };
  if (kind === 'fetch') return { kind, texts: [[subject.url]] };
  if (kind === 'tool') return { kind, texts: [[subject.tool]] };
  return { kind, texts: [] };
}

// As it lies in the workspace, and as it lies on the host.
function formsOf(path: string, directory: string | null): string[] {
  const whole = posix.resolve(directory ?? '/', path);
  return directory === null ? [whole] : [whole, posix.relative(directory, whole)];
}
