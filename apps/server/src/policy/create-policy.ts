import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Approval } from '@farhand/shared/model/approvals';
import type { Actor } from '@farhand/shared/model/audit';
import type { HostId } from '@farhand/shared/model/hosts';
import type { PolicyFile, PolicyProblem } from '@farhand/shared/model/policy';
import type { AuditLog } from '../audit/audit.ts';
import type { ConfigFile } from '../config/config-file.ts';
import type { Log } from '../logging/log.ts';
import { explanationOf } from './explain.ts';
import { type JudgeDeps, judgeByRules } from './judge-by-rules.ts';
import type { PolicyRules } from './policy-rules.ts';
import { proposalsOf } from './proposals.ts';
import { currentRules } from './rule-set.ts';
import { movedRule } from './rules/move-rule.ts';
import { readRules } from './rules/rule-file.ts';
import { writtenRule } from './rules/written-rule.ts';
import type { ShellGrammar } from './shell/grammar.ts';
import { readShellText } from './shell/read-shell.ts';

interface PolicyDeps {
  readonly file: ConfigFile;
  readonly grammar: ShellGrammar;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly log: Pick<Log, 'warn' | 'info'>;
  /** What a person calls a group of hosts. */
  readonly labelsOf: (hostId: HostId) => readonly string[];
  /** Newest first. */
  readonly decided: () => readonly Approval[];
}

const SERVER: Actor = { kind: 'server', name: null };

/** The rules of policy.toml, and what they say of commands. */
export function createPolicy({ file, grammar, audit, log, labelsOf, decided }: PolicyDeps): PolicyRules {
  const current = currentRules(file);
  const deps: JudgeDeps = {
    read: (text) => readShellText(grammar, text),
    circumstances: ({ hostId, user, agent }) => ({ hosts: [hostId, ...labelsOf(hostId)], user, agent }),
  };
  let known = file.text();
  let isOurs = false;
  const get = (): PolicyFile => {
    const { rules, problems } = current.read();
    return { path: file.path, text: file.text(), rules: [...rules], problems: [...problems] };
  };
  const change = (by: Actor, summary: string, make: () => void): PolicyFile => {
    record(audit, by, summary);
    isOurs = true;
    try {
      make();
    } finally {
      isOurs = false;
      known = file.text();
    }
    return get();
  };
  const named = (index: number, was: string | null) => {
    const { rules, problems } = current.read();
    if (problems.length > 0) throw invalid(problems);
    if (rules[index] === undefined || rules[index].name !== was) throw new FarhandError('policy.changed');
    return rules[index];
  };
  // A change by an editor is known only after it was made.
  const stop = file.watch(() => {
    if (isOurs || file.text() === known) return;
    known = file.text();
    const { problems } = current.read();
    const [problem] = problems;
    if (problem) log.warn('policy.unreadable', { ...problem });
    try {
      record(
        audit,
        SERVER,
        problem
          ? 'The rules were changed in their file, which has an error'
          : 'The rules were changed in their file',
      );
    } catch (error) {
      log.warn('policy.not_recorded', { error });
    }
  });
  current.set();
  return {
    judge: (judged, context) => judgeByRules(deps, current.set(), judged, context).judgement,
    get,
    setRule({ index, was, rule }, by) {
      const { rules, problems } = current.read();
      if (problems.length > 0) throw invalid(problems);
      if (index !== null) named(index, was);
      const others = rules.filter((_rule, at) => at !== index);
      if (others.some(({ name }) => name === rule.name))
        throw new FarhandError('policy.invalid', { message: `Another rule is named “${rule.name}” too.` });
      const table = writtenRule(rule);
      checkRule(table);
      const place = ['rules', index ?? rules.length];
      return change(by, `The rule “${rule.name}” was ${index === null ? 'added' : 'changed'}`, () =>
        file.setTable(place, table),
      );
    },
    removeRule({ index, was }, by) {
      const { name } = named(index, was);
      return change(by, `The rule “${name}” was removed`, () => file.setTable(['rules', index], null));
    },
    moveRule({ index, was, by: step }, by) {
      const { name } = named(index, was);
      const text = movedRule(file.text(), step === 'up' ? index - 1 : index);
      if (text === null) return get();
      return change(by, `The rule “${name}” was moved`, () => file.replace(text));
    },
    replace(text, by) {
      const { problems } = readRules(text);
      if (problems.length > 0) throw invalid(problems);
      return change(by, 'The text of the rules was changed', () => file.replace(text));
    },
    check: (text) => [...readRules(text).problems],
    explain: (input) => explanationOf(deps, current.set(), input),
    proposals: () => proposalsOf(decided(), current.set().rules),
    close() {
      stop();
      file.close();
    },
  };
}

function checkRule(table: ReturnType<typeof writtenRule>): void {
  const listed = Object.entries(table).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  const { problems } = readRules(['[[rules]]', ...listed].join('\n'));
  if (problems.length > 0) throw invalid(problems);
}

function invalid(problems: readonly PolicyProblem[]): FarhandError {
  const [first] = problems;
  const where = first
    ? `Line ${first.line}, column ${first.column}: ${first.message}`
    : 'The text has an error.';
  return new FarhandError('policy.invalid', { message: where });
}

function record(audit: Pick<AuditLog, 'record'>, actor: Actor, summary: string): void {
  audit.record({
    kind: 'setting',
    actor,
    hostId: null,
    workspaceId: null,
    sessionId: null,
    summary: `${summary}.`,
    facts: { setting: 'policy' },
    output: null,
  });
}
