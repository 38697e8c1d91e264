import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from '@farhand/shared/runtime/questions';
import { afterEach, describe, expect, it } from 'vitest';
import { answered, person, REFUSED } from '../testing/person.ts';
import { processesWith, type SshHost, startSshHost, text, until, untilState } from '../testing/ssh-host.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function host(...options: Parameters<typeof startSshHost>): Promise<SshHost> {
  const started = await startSshHost(...options);
  closers.push(started.close);
  return started;
}

/** Gives the key at `path` a passphrase, as its owner would. */
function lock(path: string, passphrase: string): void {
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', passphrase, '-f', path]);
}

async function lockedHost(
  passphrase: string,
  options: Parameters<typeof startSshHost>[0] = {},
): Promise<SshHost> {
  const started = await host(options);
  lock(join(started.sshd.directory, 'user_key'), passphrase);
  return started;
}

/** A configuration that knows no host key yet, and where it will be kept. */
function withoutKnownHosts({ sshd }: SshHost): { sshConfigPath: string; knownHosts: string } {
  const knownHosts = join(sshd.directory, 'known_hosts_new');
  const sshConfigPath = join(sshd.directory, 'ssh_config_new');
  const config = readFileSync(sshd.sshConfigPath, 'utf8');
  writeFileSync(sshConfigPath, config.replace(/UserKnownHostsFile .*/, `UserKnownHostsFile ${knownHosts}`));
  return { sshConfigPath, knownHosts };
}

const TRUE = { script: 'true' };

describe('the question for a host key', () => {
  it('shows type and fingerprint, and trust writes known_hosts', async () => {
    const started = await host();
    const { sshConfigPath, knownHosts } = withoutKnownHosts(started);
    const somebody = person(() => answered('yes'));
    const runtime = started.open({ sshConfigPath, questions: somebody });
    expect(text((await runtime.exec({ script: 'echo in' })).stdout)).toBe('in\n');
    const [type = '', key = ''] = readFileSync(`${started.sshd.hostKeyPath}.pub`, 'utf8').split(' ');
    expect(somebody.asked).toMatchObject([
      {
        kind: 'host_key',
        subject: `[127.0.0.1]:${started.sshd.port}`,
        hostKey: { type: 'ED25519', fingerprint: fingerprintOf(`${started.sshd.hostKeyPath}.pub`) },
        canRemember: false,
      },
    ]);
    expect(readFileSync(knownHosts, 'utf8')).toContain(`${type} ${key}`);
    await started.open({ sshConfigPath, questions: somebody }).exec(TRUE);
    expect(somebody.asked.length).toBe(1);
  });

  it('is asked again by ssh where the answer is neither yes nor no', async () => {
    const started = await host();
    const { sshConfigPath } = withoutKnownHosts(started);
    const answers = ['perhaps', 'yes'];
    const somebody = person(() => answered(answers.shift() ?? 'no'));
    await started.open({ sshConfigPath, questions: somebody }).exec(TRUE);
    expect(somebody.asked.map(({ kind }) => kind)).toEqual(['host_key', 'host_key']);
    expect(somebody.asked[1]?.hostKey).toEqual(somebody.asked[0]?.hostKey);
  });

  it('refused leaves the connection refused and nothing written, until somebody says to try again', async () => {
    const started = await host();
    const { sshConfigPath, knownHosts } = withoutKnownHosts(started);
    const answers = [REFUSED, answered('yes')];
    const somebody = person(() => answers.shift() ?? REFUSED);
    const runtime = started.open({ sshConfigPath, questions: somebody });
    await expect(runtime.exec(TRUE)).rejects.toMatchObject({ code: 'host.question_refused' });
    expect(runtime.connection()).toMatchObject({ state: 'refused', code: 'host.question_refused' });
    await expect(runtime.exec(TRUE)).rejects.toMatchObject({ code: 'host.question_refused' });
    expect(somebody.asked.length).toBe(1);
    expect(() => statSync(knownHosts)).toThrow('ENOENT');
    await runtime.reconnect();
    expect(somebody.asked.length).toBe(2);
  });

  it('is not asked where the configuration says that unknown keys are refused', async () => {
    const started = await host();
    const { sshConfigPath, knownHosts } = withoutKnownHosts(started);
    writeFileSync(sshConfigPath, `StrictHostKeyChecking yes\n${readFileSync(sshConfigPath, 'utf8')}`);
    const somebody = person(() => answered('yes'));
    const runtime = started.open({ sshConfigPath, questions: somebody });
    await expect(runtime.exec(TRUE)).rejects.toMatchObject({ code: 'host.key_unknown' });
    expect(somebody.asked).toEqual([]);
    expect(() => statSync(knownHosts)).toThrow('ENOENT');
  });

  it('is not asked for a key that has changed', async () => {
    const started = await host();
    const { sshConfigPath, knownHosts } = withoutKnownHosts(started);
    const other = join(started.sshd.directory, 'other');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other]);
    writeFileSync(knownHosts, `[127.0.0.1]:${started.sshd.port} ${readFileSync(`${other}.pub`, 'utf8')}`);
    const somebody = person(() => answered('yes'));
    const runtime = started.open({ sshConfigPath, questions: somebody });
    await expect(runtime.exec(TRUE)).rejects.toMatchObject({ code: 'host.key_changed' });
    expect(runtime.connection()).toMatchObject({ state: 'refused', code: 'host.key_changed' });
    expect(somebody.asked).toEqual([]);
  });
});

describe('the question for a passphrase', () => {
  it('is one for all who wait, and its state is seen', async () => {
    const { sshd, open } = await lockedHost('open sesame');
    let answer: (given: Answer) => void = () => {};
    const somebody = person(() => new Promise<Answer>((resolve) => (answer = resolve)));
    const runtime = open({ questions: somebody });
    const states: string[] = [];
    runtime.watchConnection(({ state }) => void states.push(state));
    const results = Promise.all([runtime.exec({ script: 'echo 1' }), runtime.exec({ script: 'echo 2' })]);
    const question = await somebody.untilAsked(1);
    expect(question).toMatchObject({ kind: 'passphrase', subject: join(sshd.directory, 'user_key') });
    expect(runtime.connection()).toEqual({ state: 'asking', question });
    answer(answered('open sesame'));
    expect((await results).map(({ stdout }) => text(stdout))).toEqual(['1\n', '2\n']);
    expect(somebody.asked.length).toBe(1);
    expect(states.slice(0, 4)).toEqual(['connecting', 'asking', 'connecting', 'connected']);
  });

  it('that nobody answers in time is refused, and not asked again by itself', async () => {
    const { open } = await lockedHost('slow');
    const somebody = person(() => new Promise<Answer>(() => {}));
    const runtime = open({ questions: somebody, questionTimeoutMs: 200 });
    await expect(runtime.exec(TRUE)).rejects.toMatchObject({ code: 'host.question_expired' });
    expect(runtime.connection()).toMatchObject({ state: 'refused', code: 'host.question_expired' });
    await expect(runtime.exec(TRUE)).rejects.toMatchObject({ code: 'host.question_expired' });
    expect(somebody.asked.length).toBe(1);
  });

  it('that is wrong is asked again, and so is a remembered one that became wrong', async () => {
    const { sshd, open } = await lockedHost('first');
    const answers = ['wrong', 'first', 'second'];
    const somebody = person(() => answered(answers.shift() ?? '', true));
    await open({ questions: somebody }).exec(TRUE);
    expect(somebody.asked.length).toBe(2);
    const key = join(sshd.directory, 'user_key');
    execFileSync('ssh-keygen', ['-q', '-p', '-P', 'first', '-N', 'second', '-f', key]);
    await open({ questions: somebody }).exec(TRUE);
    expect(somebody.asked.length).toBe(3);
    await open({ questions: somebody }).exec(TRUE);
    expect(somebody.asked.length).toBe(3);
  });

  it('remembered is given to every further login, so that the connection grows', async () => {
    const { sshd, open } = await lockedHost('kept', { maxSessions: 2 });
    const somebody = person(() => answered('kept', true));
    const runtime = open({ questions: somebody });
    await occupy(runtime, sshd.home, 6);
    expect(somebody.asked.length).toBe(1);
    expect(sshd.logins()).toBeGreaterThan(2);
  });

  it('not remembered is not asked for again: the connection does not grow, and commands take turns', async () => {
    const { sshd, open } = await lockedHost('once', { maxSessions: 4 });
    const somebody = person(() => answered('once'));
    const runtime = open({ questions: somebody });
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) => runtime.exec({ script: `echo ${index}` })),
    );
    expect(results.map(({ stdout }) => text(stdout))).toEqual(
      Array.from({ length: 30 }, (_, index) => `${index}\n`),
    );
    expect([somebody.asked.length, sshd.logins()]).toEqual([1, 1]);
  });

  it('comes again after the connection was lost', async () => {
    const { sshd, open } = await lockedHost('again');
    const somebody = person(() => (somebody.asked.length === 1 ? answered('again') : REFUSED));
    const runtime = open({ questions: somebody });
    await runtime.exec(TRUE);
    sshd.killConnections();
    await untilState(runtime, ({ state }) => state === 'refused');
    expect(runtime.connection()).toMatchObject({ code: 'host.question_refused' });
    expect(somebody.asked.length).toBe(2);
  });

  it('leaves the answer in no argument list, environment, log or file', async () => {
    const canary = `canary${Math.random().toString(36).slice(2)}`;
    const { sshd, open, runtimeDirectory } = await lockedHost(canary);
    const seen: string[] = [];
    const somebody = person(async () => {
      seen.push(...environmentsOf(processesWith(sshd.sshConfigPath)));
      return answered(canary, true);
    });
    const runtime = open({ questions: somebody });
    await runtime.exec({ script: 'echo in' });
    const pids = processesWith(sshd.sshConfigPath);
    expect(pids.length).toBeGreaterThan(0);
    seen.push(...environmentsOf(pids), sshd.log(), ...textsIn(runtimeDirectory), ...textsIn(sshd.directory));
    expect(seen.join('\n')).toContain('FARHAND_ASKPASS_TOKEN');
    expect(seen.join('\n')).not.toContain(canary);
    expect(JSON.stringify(runtime.connection())).not.toContain(canary);
    // The helper and its socket are gone with the login.
    expect(readdirSync(runtimeDirectory).filter((name) => /^[qp]/.test(name))).toEqual([]);
  });
});

describe('other questions', () => {
  it('come from a jump host under its own name', async () => {
    const [jump, target] = [await lockedHost('jump secret'), await lockedHost('target secret')];
    const sshConfigPath = join(target.sshd.directory, 'with_jump');
    writeFileSync(
      sshConfigPath,
      [
        readFileSync(jump.sshd.sshConfigPath, 'utf8').replace('Host farhand-test', 'Host the-jump'),
        readFileSync(target.sshd.sshConfigPath, 'utf8'),
        '  ProxyJump the-jump',
        '',
      ].join('\n'),
    );
    const secrets: Record<string, string> = {
      [join(jump.sshd.directory, 'user_key')]: 'jump secret',
      [join(target.sshd.directory, 'user_key')]: 'target secret',
    };
    const somebody = person(({ subject }) => answered(secrets[subject] ?? ''));
    const runtime = target.open({ sshConfigPath, questions: somebody });
    expect(text((await runtime.exec({ script: 'echo far' })).stdout)).toBe('far\n');
    expect(somebody.asked.map(({ subject }) => subject)).toEqual(Object.keys(secrets));
  });

  it('a touch is shown until ssh has it, and asks nothing', async () => {
    const { sshd, open } = await host();
    const sshProgram = sshThatFirst(
      sshd.directory,
      // As ssh does it: the notice is ended by a signal when the key was touched.
      'SSH_ASKPASS_PROMPT=none "$SSH_ASKPASS" "Confirm user presence for key ED25519-SK SHA256:abc" & pid=$!; until [ -e "$0.touched" ]; do sleep 0.05; done; kill $pid',
    );
    const somebody = person((question) => {
      expect(question).toMatchObject({ kind: 'touch', subject: 'ED25519-SK SHA256:abc', canRemember: false });
      writeFileSync(`${sshProgram}.touched`, '');
      return new Promise<Answer>(() => {});
    });
    const runtime = open({ sshProgram, questions: somebody });
    const states: string[] = [];
    runtime.watchConnection(({ state }) => void states.push(state));
    await runtime.exec(TRUE);
    expect(somebody.asked.length).toBe(1);
    expect(states.slice(0, 4)).toEqual(['connecting', 'asking', 'connecting', 'connected']);
  });

  it('a stranger without the token of the login is not heard', async () => {
    const { sshd, open } = await host();
    const sshProgram = sshThatFirst(
      sshd.directory,
      'FARHAND_ASKPASS_TOKEN=guess "$SSH_ASKPASS" "root@host\'s password: " && exit 9',
    );
    const somebody = person(() => answered('secret'));
    await open({ sshProgram, questions: somebody }).exec(TRUE);
    expect(somebody.asked).toEqual([]);
  });
});

// An account with a password takes root to make: for an ordinary user passphrases take the same way.
const describeAsRoot = process.getuid?.() === 0 ? describe : undefined;
describeAsRoot?.('the question for a password', () => {
  // Another account for each test: what is remembered for one stays so for the life of this process.
  const newUser = () => `fhpw${Math.random().toString(36).slice(2, 10)}`;

  it('is asked three times at most, and remembered where the person says so', async () => {
    const asUser = newUser();
    const { sshd, open } = await host({ asUser, password: 'right one' });
    const wrong = person(() => answered('wrong one'));
    const refused = open({ questions: wrong });
    await expect(refused.exec(TRUE)).rejects.toMatchObject({ code: 'host.auth_failed' });
    expect(wrong.asked.map(({ kind }) => kind)).toEqual(['password', 'password', 'password']);
    expect(refused.connection()).toMatchObject({ state: 'refused' });
    const right = person(() => answered('right one', true));
    const runtime = open({ questions: right });
    await runtime.exec(TRUE);
    expect(right.asked).toMatchObject([
      { kind: 'password', subject: `${asUser}@127.0.0.1`, canRemember: true },
    ]);
    sshd.killConnections();
    await untilState(runtime, ({ state }) => state !== 'connected');
    expect(text((await runtime.exec({ script: 'id -un' })).stdout)).toBe(`${asUser}\n`);
    expect(right.asked.length).toBe(1);
  });

  it('refused, ends the login before an empty password is tried', async () => {
    const { sshd, open } = await host({ asUser: newUser(), password: 'right one' });
    const runtime = open({ questions: person(() => REFUSED) });
    await expect(runtime.exec(TRUE)).rejects.toMatchObject({ code: 'host.question_refused' });
    await until(() => /Connection (?:closed|reset) by/.test(sshd.log()));
    expect(sshd.log()).not.toContain('Failed password');
  });
});

/** Commands that run until told, and a further one beside them. */
async function occupy(runtime: ReturnType<SshHost['open']>, home: string, count: number): Promise<void> {
  const gate = join(home, 'gate');
  const running = Array.from({ length: count }, () =>
    runtime.exec({ script: `until [ -e ${gate} ]; do sleep 0.05; done` }),
  );
  await runtime.exec(TRUE);
  writeFileSync(gate, '');
  await Promise.all(running);
}

function fingerprintOf(path: string): string {
  return execFileSync('ssh-keygen', ['-l', '-f', path], { encoding: 'utf8' }).split(' ')[1] ?? '';
}

/** A program in place of ssh that does something before it is ssh. */
function sshThatFirst(directory: string, script: string): string {
  const path = join(directory, 'ssh-first');
  writeFileSync(path, `#!/bin/sh\ncase " $* " in *" -G "*) ;; *) ${script};; esac\nexec ssh "$@"\n`, {
    mode: 0o700,
  });
  return path;
}

function environmentsOf(pids: readonly number[]): string[] {
  return pids.flatMap((pid) => {
    try {
      return [readFileSync(`/proc/${pid}/environ`, 'latin1'), readFileSync(`/proc/${pid}/cmdline`, 'latin1')];
    } catch {
      // It ended meanwhile.
      return [];
    }
  });
}

function textsIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}
