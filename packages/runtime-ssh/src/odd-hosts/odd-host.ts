/** What the tests of odd hosts share: a host with files in its home, and short questions to it. */
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Subject } from '@farhand/shared/testing/contract/watch';
import type { RuntimeUnderTest } from '@farhand/shared/testing/runtime-contract';
import type { SshdOptions } from '@farhand/shared/testing/sshd';
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';
import { type SshHost, startSshHost } from '../testing/ssh-host.ts';

export interface OddHostOptions extends SshdOptions {
  /** Files of the home by their path in it. */
  readonly files?: Readonly<Record<string, string>>;
}

/** True where a test may make accounts and mounts. */
export const IS_ROOT = process.getuid?.() === 0;

/** For what needs that; nothing is registered elsewhere. */
export const describeAsRoot = IS_ROOT ? describe : undefined;

/** A host that is closed with the test. */
export async function oddHost(
  options: OddHostOptions = {},
): Promise<SshHost & { readonly runtime: Runtime }> {
  const host = await startOddHost(options);
  onTestFinished(() => host.close());
  return { ...host, runtime: host.open() };
}

/** A host for the contract's rules, or for many tests. */
export async function startOddHost({ files = {}, ...options }: OddHostOptions = {}): Promise<SshHost> {
  const host = await startSshHost(options);
  const { uid, gid } = statSync(host.sshd.home);
  for (const [name, content] of Object.entries(files)) {
    const path = join(host.sshd.home, name);
    let folder = dirname(path);
    mkdirSync(folder, { recursive: true });
    for (; folder.startsWith(`${host.sshd.home}/`); folder = dirname(folder)) chownSync(folder, uid, gid);
    writeFileSync(path, content, { mode: content.startsWith('#!') ? 0o755 : 0o644 });
    chownSync(path, uid, gid);
  }
  return host;
}

/** Some of the contract's rules (`runtime/SPEC.md`) on such a host. */
export function describeRules(
  name: string,
  options: OddHostOptions,
  rules: Readonly<Record<string, (subject: Subject) => void>>,
): void {
  describe(name, () => {
    let made: RuntimeUnderTest | null = null;
    const subject: Subject = () => {
      if (made === null) throw new Error('the runtime was not made');
      return made;
    };
    beforeAll(async () => {
      made = await underTest(options);
    });
    afterAll(async () => {
      await made?.close();
    });
    for (const [group, rule] of Object.entries(rules)) describe(group, () => rule(subject));
  });
}

async function underTest(options: OddHostOptions): Promise<RuntimeUnderTest> {
  const host = await startOddHost(options);
  const runtime = host.open();
  await answerOf(runtime, 'mkdir "$HOME/work"');
  const tempDirectory = `${host.sshd.home}/work`;
  return { runtime, another: async () => host.open(), tempDirectory, close: host.close };
}

/** The stdout of a script that must end with 0 and print nothing on stderr. */
export async function answerOf(runtime: Runtime, script: string): Promise<string> {
  const { outcome, stdout, stderr } = await runtime.exec({ script });
  const words = Buffer.from(stderr).toString();
  if (outcome.kind !== 'exited' || outcome.code !== 0 || words !== '')
    throw new Error(`${script}: ${JSON.stringify(outcome)} ${words}`);
  return Buffer.from(stdout).toString();
}

/** All that a job printed, which must end with 0; with a terminal where its size is given. */
export async function jobOutput(
  runtime: Runtime,
  script: string,
  more: { readonly terminal?: { rows: number; cols: number } } = {},
): Promise<string> {
  const id = newId('job');
  await runtime.jobs.start({ id, command: { script }, cwd: '/', ...more });
  let text = '';
  const exit = await runtime.jobs.attach(id, {
    onOutput: (_stream, _offset, bytes) => void (text += Buffer.from(bytes).toString()),
  });
  await runtime.jobs.remove(id);
  if (exit === 'detached' || exit.kind !== 'exited' || exit.code !== 0)
    throw new Error(`${script}: ${JSON.stringify(exit)} ${text}`);
  return text;
}

/** A name that no other test on this machine uses. */
export function newUser(): string {
  return `fh${newId('job').slice(4, 16)}`;
}

/** Where a program of this machine is. */
export function pathOf(program: string): string {
  const path = execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' }).trim();
  if (!existsSync(path)) throw new Error(`${program} is missing`);
  return path;
}
