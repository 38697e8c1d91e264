import type { ApprovalPolicy } from '@farhand/shared/model/approvals';
import { LOCAL_HOST } from '@farhand/shared/model/hosts';
import { type JudgedText, judgeByRules } from '../judge-by-rules.ts';
import type { Judged, PolicyContext } from '../policy.ts';
import { ready } from '../rule-set.ts';
import { readRules } from '../rules/rule-file.ts';
import { loadShellGrammar } from '../shell/grammar.ts';
import { readShellText } from '../shell/read-shell.ts';

/** The workspace in which commands are judged. */
export const DIRECTORY = '/home/u/w';

/** Judges commands by the text of a policy.toml. */
export type JudgeText = (command: string, part?: Partial<PolicyContext & Judged>) => JudgedText;

/** Loads the grammar once, and gives what judges by rules. `labels` are those of every host. */
export async function judging(labels: readonly string[] = []): Promise<(toml?: string) => JudgeText> {
  const grammar = await loadShellGrammar();
  const deps = {
    read: (text: string) => readShellText(grammar, text),
    circumstances: ({ hostId, user, agent }: PolicyContext) => ({ hosts: [hostId, ...labels], user, agent }),
  };
  return (toml = '') => {
    const { rules, problems } = readRules(toml);
    if (problems[0]) throw new Error(`line ${problems[0].line}: ${problems[0].message}`);
    const set = { rules: rules.map(ready), problem: null };
    return (command, part = {}) => {
      const {
        subject = { kind: 'command', command },
        paths = [],
        cwd = DIRECTORY,
        directory = DIRECTORY,
      } = part;
      const {
        preset = 'ask_outside',
        patterns = [],
        hostId = LOCAL_HOST,
        user = null,
        agent = 'builtin',
      } = part;
      return judgeByRules(
        deps,
        set,
        { subject, paths, cwd, directory },
        { preset, patterns, hostId, user, agent },
      );
    };
  };
}

/** Whether it is asked, allowed or denied by the preset alone. */
export function kindOf(judge: JudgeText, command: string, preset: ApprovalPolicy = 'ask_outside'): string {
  return judge(command, { preset }).judgement.kind;
}
