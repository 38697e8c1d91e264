/** What the person's rules say about `sudo`, as entries with fixed arguments. */
import type { PolicyRule } from '@farhand/shared/model/policy';

/** A program to be found on the host, or a path, with its arguments. */
export interface WantedSudo {
  readonly rule: string;
  readonly runAs: string;
  readonly program: string;
  readonly args: readonly string[];
}

export interface LeftRule {
  readonly rule: string;
  readonly pattern: string;
  readonly reason: string;
}

/** Letters of a path or an argument that mean nothing more to sudo than themselves, some of them once escaped. */
const PLAIN = /^[A-Za-z0-9_@%+./:=,-]+$/;
const USER = /^[A-Za-z_][A-Za-z0-9_.@-]{0,63}$/;
/** `ALL`, and names of aliases (sudoers(5)). */
const MEANS_MORE = /^[A-Z][A-Z0-9_]*$/;

/** True for a name that sudo takes for one user, and for nothing else. */
export const isPlainUser = (name: string): boolean => USER.test(name) && !MEANS_MORE.test(name);

/** Of `allow` rules that hold on this host; each pattern becomes an entry, or is left with a reason. */
export function wantedSudo(
  rules: readonly PolicyRule[],
  holdsHere: (rule: PolicyRule) => boolean,
): { readonly wanted: readonly WantedSudo[]; readonly left: readonly LeftRule[] } {
  const wanted: WantedSudo[] = [];
  const left: LeftRule[] = [];
  for (const rule of rules) {
    if (rule.effect !== 'allow' || !holdsHere(rule)) continue;
    for (const pattern of rule.match) {
      const words = pattern.trim().split(/\s+/);
      if (!/^(?:\/usr\/bin\/)?sudo$/.test(words[0] ?? '')) continue;
      const read = readWords(words.slice(1));
      const reason = typeof read === 'string' ? read : reasonOf(rule);
      if (typeof read === 'string' || reason !== null)
        left.push({ rule: rule.name, pattern, reason: reason ?? '' });
      else wanted.push({ rule: rule.name, ...read });
    }
  }
  return { wanted, left };
}

// What sudo cannot look at would be let through by it.
function reasonOf({ cwd, agent, paths, user }: PolicyRule): string | null {
  const limits = Object.entries({ cwd, agent, paths, user }).filter(([, values]) => values.length > 0);
  const names = limits.map(([name]) => `\`${name}\``).join(' and ');
  return names === ''
    ? null
    : `sudo knows nothing of ${names}, so the rule would let through more than it says.`;
}

function readWords(words: readonly string[]): Omit<WantedSudo, 'rule'> | string {
  let runAs = 'root';
  let rest = words;
  if (rest[0] === '-u' || rest[0] === '--user') {
    runAs = rest[1] ?? '';
    rest = rest.slice(2);
  }
  if (rest[0] === '-n') rest = rest.slice(1);
  if (rest[0] === '--') rest = rest.slice(1);
  const [program, ...args] = rest;
  if (!isPlainUser(runAs)) return 'The user after -u is not a plain name.';
  if (program === undefined) return 'No program is named.';
  if (program.startsWith('-')) return `The option ${program} of sudo cannot be part of such a rule.`;
  if (rest.some((word) => /[*?[\]!{}]/.test(word)))
    return 'A pattern in sudoers matches spaces and slashes too: only fixed arguments are written.';
  const odd = rest.find((word) => !PLAIN.test(word));
  if (odd !== undefined) return `The word ${odd} has letters that mean more to sudo.`;
  if (program.includes('/') && !program.startsWith('/'))
    return 'The program has to be a name or an absolute path.';
  if (/\/\.\.?(\/|$)/.test(program)) return 'The path of the program has . or .. in it.';
  return { runAs, program, args };
}
