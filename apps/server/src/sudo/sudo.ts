/** What the person's rules mean for sudo on a host: a file to apply there, and how the host differs from it. */
import { spawn } from 'node:child_process';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostId } from '@farhand/shared/model/hosts';
import type { PolicyRule } from '@farhand/shared/model/policy';
import type { SudoDrift, SudoEntry, SudoPlan } from '@farhand/shared/model/sudo';
import type { Command, Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import { type ListedSudo, readSudoList } from './sudo-list.ts';
import { isPlainUser, type LeftRule, type WantedSudo, wantedSudo } from './sudo-rules.ts';
import { applyCommand, commandOf, sudoersPath, sudoersText } from './sudoers.ts';

export interface Sudo {
  /** Throws `host.*`, `policy.invalid`. */
  plan(hostId: HostId): Promise<SudoPlan>;
  drift(hostId: HostId): Promise<SudoDrift>;
}

export interface SudoDeps {
  readonly runtimes: Runtimes;
  /** In the file's order. Throws where the file is broken. */
  readonly rules: () => readonly PolicyRule[];
  /** True where what a rule says of hosts holds for this one. */
  readonly holdsOn: (rule: PolicyRule, hostId: HostId) => boolean;
  /** For `visudo` on this machine, where the host has none. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const TIMEOUT_MS = 20_000;
/** Where sudo itself looks for a program: its usual secure_path. */
const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

export function createSudo({ runtimes, rules, holdsOn, environment }: SudoDeps): Sudo {
  async function expected(hostId: HostId) {
    const runtime = runtimes.for(hostId);
    const { wanted, left } = wantedSudo(rules(), (rule) => holdsOn(rule, hostId));
    const { user } = await runtime.facts();
    // The host's own word, which a person is about to paste into a shell.
    if (!isPlainUser(user))
      throw new FarhandError('host.shell_unusable', {
        message: `What ${hostId} calls its user is no plain name, so no file of sudoers is made for it.`,
        details: { hostId },
      });
    const { entries, missing } = await locate(runtime, wanted);
    return { runtime, user, entries, left: [...left, ...missing] };
  }
  return {
    async plan(hostId) {
      const { runtime, user, entries, left } = await expected(hostId);
      const text = sudoersText(user, entries);
      const path = sudoersPath(user);
      const [check, listed] = await Promise.all([checkText(runtime, text, environment), listOf(runtime)]);
      const diff = 'note' in listed ? null : diffOf(entries, listed.entries);
      return { user, path, text, entries, left, check, diff, apply: applyCommand(path, text) };
    },
    async drift(hostId) {
      const { runtime, entries } = await expected(hostId);
      const listed = await listOf(runtime);
      if ('note' in listed) return { isKnown: false, note: listed.note, missing: [], extra: [] };
      return { isKnown: true, note: null, ...differenceOf(entries, listed.entries) };
    },
  };
}

// One look for all programs, in the order in which sudo looks.
async function locate(
  runtime: Runtime,
  wanted: readonly WantedSudo[],
): Promise<{ entries: SudoEntry[]; missing: LeftRule[] }> {
  const names = [...new Set(wanted.map(({ program }) => program))];
  const script = `for name in "$@"; do
  case $name in /*) set -- "$name" ;; *) set -- ${FOLDERS.map((folder) => `"${folder}/$name"`).join(' ')} ;; esac
  found=
  for path in "$@"; do [ -f "$path" ] && [ -x "$path" ] && { found=$path; break; }; done
  echo "$found"
done`;
  const argv = ['sh', '-c', script, 'sh', ...names] as const;
  const { stdout } =
    names.length === 0 ? { stdout: new Uint8Array() } : await run(runtime, { argv: [...argv] });
  const paths = new TextDecoder().decode(stdout).split('\n');
  const pathOf = new Map(names.map((name, index) => [name, paths[index] ?? '']));
  const entries: SudoEntry[] = [];
  const missing: LeftRule[] = [];
  for (const { rule, runAs, program, args } of wanted) {
    const path = pathOf.get(program) ?? '';
    const isRight = program.startsWith('/')
      ? path === program
      : FOLDERS.some((folder) => path === `${folder}/${program}`);
    if (isRight) entries.push({ rule, runAs, command: commandOf(path, args) });
    else
      missing.push({
        rule,
        pattern: program,
        reason: `The host has no program ${program} where sudo looks.`,
      });
  }
  return { entries, missing };
}

const run = (runtime: Runtime, command: Command, stdin?: Uint8Array) =>
  runtime.exec(command, { timeoutMs: TIMEOUT_MS, maxOutputBytes: 1024 * 1024, ...(stdin && { stdin }) });

async function listOf(runtime: Runtime): Promise<{ entries: readonly ListedSudo[] } | { note: string }> {
  const { outcome, stdout, stderr } = await run(runtime, { script: 'LC_ALL=C exec sudo -n -ll </dev/null' });
  if (outcome.kind === 'exited' && outcome.code === 0)
    return { entries: readSudoList(new TextDecoder().decode(stdout)) };
  const said = new TextDecoder().decode(stderr);
  if (/password is required/.test(said))
    return { note: '`sudo -l` wants a password there, so it is not known what it allows.' };
  if (/not found/.test(said)) return { note: 'The host has no sudo.' };
  return { note: 'sudo there allows nothing to this user, or does not tell.' };
}

async function checkText(
  runtime: Runtime,
  text: string,
  environment: SudoDeps['environment'],
): Promise<SudoPlan['check']> {
  if (text === '') return null;
  const bytes = new TextEncoder().encode(text);
  const script =
    'PATH=$PATH:/usr/sbin:/sbin; command -v visudo >/dev/null || exit 99; exec visudo -c -f - 2>&1';
  const { outcome, stdout } = await run(runtime, { script }, bytes);
  const code = outcome.kind === 'exited' ? outcome.code : 1;
  if (code !== 99) return { isValid: code === 0, by: 'host', said: printed(stdout) };
  return await checkHere(bytes, environment);
}

function checkHere(bytes: Uint8Array, environment: SudoDeps['environment']): Promise<SudoPlan['check']> {
  return new Promise((resolve) => {
    const env = { ...environment, PATH: `${environment.PATH ?? ''}:/usr/sbin:/sbin` };
    const child = spawn('visudo', ['-c', '-f', '-'], { env, timeout: TIMEOUT_MS });
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    child.stderr.on('data', (piece: Buffer) => pieces.push(piece));
    child.on('error', () => resolve(null));
    child.on('close', (code) =>
      resolve({ isValid: code === 0, by: 'server', said: printed(Buffer.concat(pieces)) }),
    );
    child.stdin.on('error', () => {});
    child.stdin.end(bytes);
  });
}

const printed = (bytes: Uint8Array) =>
  new TextDecoder()
    .decode(bytes.subarray(0, 4096))
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();

function differenceOf(
  entries: readonly SudoEntry[],
  listed: readonly ListedSudo[],
): Pick<SudoDrift, 'missing' | 'extra'> {
  const free = listed.filter(({ isFree }) => isFree);
  const isSame = (a: { runAs: string; command: string }, b: { runAs: string; command: string }) =>
    a.runAs === b.runAs && a.command === b.command;
  return {
    missing: entries.filter((one) => !free.some((other) => isSame(one, other))).map(short),
    extra: free.filter((one) => !entries.some((other) => isSame(one, other))).map(short),
  };
}

const short = ({ runAs, command }: { runAs: string; command: string }) => ({ runAs, command });

function diffOf(entries: readonly SudoEntry[], listed: readonly ListedSudo[]): string {
  const { missing, extra } = differenceOf(entries, listed);
  const line = ({ runAs, command }: { runAs: string; command: string }) => `(${runAs}) NOPASSWD: ${command}`;
  const kept = entries.filter(
    (one) => !missing.some(({ runAs, command }) => runAs === one.runAs && command === one.command),
  );
  return [
    ...kept.map((one) => `  ${line(one)}`),
    ...missing.map((one) => `+ ${line(one)}`),
    // What the file does not say may come from another one, and stays.
    ...extra.map((one) => `- ${line(one)}`),
  ].join('\n');
}
