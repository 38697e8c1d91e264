/** Direct logins to a real sshd, under a configuration that a test changes. */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostId, HostQuestion } from '@farhand/shared/model/hosts';
import { type SshdOptions, startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterEach, expect } from 'vitest';
import { resolve } from '../config.ts';
import { startDirect } from '../direct/direct.ts';
import type { Master, MasterOptions } from '../masters/master.ts';
import { answered, type Person, person, REFUSED } from './person.ts';

/** Keywords of ssh_config, in place of those that the host's configuration has. */
export type Changes = Readonly<Record<string, string | readonly string[]>>;

let nextConfig = 0;

/** The path of a configuration for the host with `changes`. */
export function configWith(sshd: TestSshd, changes: Changes): string {
  const replaced = new Set(Object.keys(changes).map((key) => key.toLowerCase()));
  const kept = readFileSync(sshd.sshConfigPath, 'utf8')
    .split('\n')
    .filter((line) => !replaced.has(line.trim().split(' ')[0]?.toLowerCase() ?? ''));
  const added = Object.entries(changes).flatMap(([key, value]) =>
    [value].flat().map((one) => `  ${key} ${one}`),
  );
  const path = join(sshd.directory, `direct-${nextConfig++}`);
  writeFileSync(path, [...kept, ...added, ''].join('\n'));
  return path;
}

/** A direct login; rejects with why there is none. */
export async function logInDirectly(
  sshd: TestSshd,
  changes: Changes = {},
  { signal, ...extra }: Partial<MasterOptions> & { signal?: AbortSignal } = {},
): Promise<Master> {
  const options: MasterOptions = {
    hostId: sshd.alias as HostId,
    sshConfigPath: configWith(sshd, changes),
    ...extra,
  };
  return startDirect(options, await resolve(options), signal ?? new AbortController().signal);
}

/** What a command prints over a connection. */
export async function run(master: Master, command: string): Promise<string> {
  const channel = await master.channels.openExec(command);
  let printed = '';
  channel.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await new Promise((done) => channel.once('close', done));
  return printed;
}

/** Gives the answers in turn, by kind; refuses what it has none for. */
export function answering(...answers: readonly (readonly [HostQuestion['kind'], string])[]): Person {
  const left = [...answers];
  return person((question) => {
    const [kind, text] = left.shift() ?? [];
    return kind === question.kind && text !== undefined ? answered(text) : REFUSED;
  });
}

/** A key pair in the host's folder; the path of its private half. */
export function makeKey(sshd: TestSshd, name: string, ...options: readonly string[]): string {
  const path = join(sshd.directory, name);
  execFileSync('ssh-keygen', ['-q', '-N', '', '-C', name, '-f', path, ...options]);
  return path;
}

/** `type base64`, as known_hosts has it. */
export function publicHalf(path: string): string {
  return readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ').trim();
}

export interface TestAgent {
  readonly socketPath: string;
  add(...keys: readonly string[]): void;
  stop(): Promise<void>;
}

/** A real ssh-agent of its own. */
export async function startAgent(sshd: TestSshd, name = 'agent'): Promise<TestAgent> {
  const socketPath = join(sshd.directory, name);
  const agent = spawn('ssh-agent', ['-D', '-a', socketPath], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = new Promise<void>((done) => agent.once('exit', () => done()));
  // It names its socket once it listens there.
  await new Promise((done) => agent.stdout.once('data', done));
  const environment = { ...process.env, SSH_AUTH_SOCK: socketPath };
  return {
    socketPath,
    add: (...keys) => void execFileSync('ssh-add', ['-q', ...keys], { env: environment }),
    stop: () => {
      agent.kill();
      return exited;
    },
  };
}

export interface DirectTest {
  start(options?: SshdOptions): Promise<TestSshd>;
  agentOf(sshd: TestSshd): Promise<TestAgent>;
  /** To be undone after the test, the last first. */
  after(close: () => Promise<unknown>): void;
}

/** Real things for one test each; what it starts is stopped after it. */
export function directTest(): DirectTest {
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });
  return {
    start: async (options = {}) => {
      const sshd = await startSshd(options);
      closers.push(() => sshd.stop());
      return sshd;
    },
    agentOf: async (sshd) => {
      const agent = await startAgent(sshd);
      closers.push(() => agent.stop());
      return agent;
    },
    after: (close) => void closers.push(close),
  };
}

/** Runs a command on a connection, and says goodbye. */
export async function works(login: Promise<Master>): Promise<void> {
  const master = await login;
  expect(await run(master, 'echo $((6*7))')).toBe('42\n');
  await master.close();
}
