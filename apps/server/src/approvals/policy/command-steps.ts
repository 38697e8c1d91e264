import { posix } from 'node:path';
import { isRedacted } from '../../agents/builtin/redact.ts';
import type { Judged } from '../../policy/policy.ts';
import type { ShellCommand, ShellCommands } from '../../policy/shell/shell-commands.ts';
import { firstPlace, judgeSimple, placeAfter } from './judge-command.ts';
import { meetsPattern } from './patterns.ts';
import type { CommandPlace } from './places.ts';
import { leaves, reads, type Verdict, worst } from './verdict.ts';

/** One simple command, and what it does as far as can be seen. */
export interface CommandStep {
  /** Null for the text as a whole. */
  readonly command: ShellCommand | null;
  readonly verdict: Verdict;
  /** What its redirections alone do, which no rule for its words answers for. */
  readonly files: Verdict;
  /** A pattern that a person allowed covers it. */
  readonly isRuled: boolean;
  /** Absolute folders in which it may run; none where that is not known. */
  readonly cwds: readonly string[];
}

/** Why nothing of a command's text may be allowed, as words for “and …”; null where it is known whole. */
export function unresolved({ subject }: Judged, shell: ShellCommands): string | null {
  if (subject.kind === 'command' && isRedacted(subject.command))
    return 'the command holds the value of a secret, which is not judged';
  return shell.reason === null ? null : `the command uses ${shell.reason}, which is not judged`;
}

/** What each command does, in the order of the text. */
export function commandSteps(
  { cwd, directory }: Pick<Judged, 'cwd' | 'directory'>,
  { commands, hasLoop }: ShellCommands,
  patterns: readonly string[],
): CommandStep[] {
  const first = firstPlace(directory, cwd);
  const begin = cwd ?? directory;
  const begins = begin === null ? [] : [posix.resolve(begin)];
  const moves = commands.filter((command) => isMove(command) && !isElsewhere(command));
  // What stands above a `cd` runs after it where there is a loop; where one is nested, it may not count for all below.
  const isUnsure = moves.length > 0 && (hasLoop || moves.some(({ isNested }) => isNested));
  let place = first && isUnsure ? { ...first, hasMoved: true, isSomewhere: true } : first;
  let cwds = moves.length > 0 && hasLoop ? [] : begins;
  let covered = 0;
  return commands.map((command) => {
    const at = isElsewhere(command) ? null : place;
    const verdict = at
      ? verdictOf(command, at)
      : leaves(place ? 'it runs on another machine' : 'the command runs outside of it');
    const files = at ? filesOf(command, at) : command.redirections.length === 0 ? reads : verdict;
    // Exactly these words were allowed once, with what they run.
    const isExact = isCovered(
      command,
      patterns.filter((pattern) => !pattern.endsWith(' *')),
    );
    const isHere = isExact || (command.reason === null && isCovered(command, patterns));
    const isRuled = place !== null && (covered > 0 || (at !== null && isHere));
    covered = isExact ? Math.max(covered - 1, command.runs) : Math.max(covered - 1, 0);
    const step = { command, verdict, files, isRuled, cwds: isElsewhere(command) ? [] : cwds };
    if (isMove(command) && !isElsewhere(command)) {
      if (place) place = placeAfter(command, place);
      const target = command.words[1];
      const isKnown = target?.isKnown && !target.hasGlob && cwds.length > 0;
      cwds = isKnown ? [...new Set([...cwds, ...cwds.map((one) => posix.resolve(one, target.text))])] : [];
    }
    return step;
  });
}

const isCovered = (command: ShellCommand, patterns: readonly string[]) =>
  command.words.every(({ isKnown }) => isKnown) &&
  command.assignments.length === 0 &&
  meetsPattern(command, patterns);

/** True for what `ssh` runs: nothing there is in the workspace. */
export const isElsewhere = ({ within }: Pick<ShellCommand, 'within'>): boolean => within.includes('ssh');

const isMove = ({ words }: ShellCommand) => /^(cd|pushd|popd)$/.test(words[0]?.text ?? '');

function verdictOf(command: ShellCommand, place: CommandPlace): Verdict {
  const { words, redirections, isTransparent } = command;
  if ([...words, ...redirections.map(({ target }) => target)].some(({ isKnown }) => !isKnown))
    return leaves('only the run tells some of its words');
  if (command.reason !== null) return leaves(`the command uses ${command.reason}, which is not judged`);
  if (words.length === 0 || isTransparent) return filesOf(command, place);
  return judgeSimple(command, place);
}

function filesOf({ redirections }: ShellCommand, place: CommandPlace): Verdict {
  if (redirections.some(({ target }) => !target.isKnown))
    return leaves('only the run tells some of its words');
  return worst([judgeSimple({ words: [{ text: 'true', hasGlob: false }], redirections }, place)]);
}
