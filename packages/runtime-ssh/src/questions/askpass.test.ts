import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostId } from '@farhand/shared/model/hosts';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { person, REFUSED } from '../testing/person.ts';
import { type Askpass, openAskpass } from './askpass.ts';
import { LoginQuestions, newQuestion } from './questions.ts';
import { AnswerMemory } from './questions-memory.ts';

const folder = mkdtempSync(join(tmpdir(), 'fh-askpass-'));
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that says it is this version of ssh. */
function sshOf(version: string): string {
  const path = join(folder, `ssh-${version}`);
  writeFileSync(path, `#!/bin/sh\necho '${version}, OpenSSL 1.1.1' >&2\n`);
  chmodSync(path, 0o755);
  return path;
}

/** What ssh gets for the prompt, from a server that remembers the passphrase of `/k`. */
async function askedBy(version: string, prompt: string) {
  const hostId = `host of ${version}` as HostId;
  const memory = new AnswerMemory(hostId);
  const about = { text: '', hostKey: null, canRemember: true } as const;
  memory.keep(newQuestion({ ...about, kind: 'passphrase', subject: '/k' }), 'open sesame');
  const somebody = person(() => REFUSED);
  const onWaiting = () => {};
  const questions = new LoginQuestions({ hostId, person: somebody, memory, isQuiet: false, onWaiting });
  const askpass: Askpass = await openAskpass({
    questions,
    sshProgram: sshOf(version),
    runtimeDirectory: folder,
  });
  closers.push(() => askpass.close());
  const given = await new Promise<string>((resolve) => {
    const env = { ...process.env, ...askpass.environment };
    execFile(askpass.environment.SSH_ASKPASS ?? '', [prompt], { env }, (_error, stdout) => resolve(stdout));
  });
  return { given, asked: somebody.asked };
}

describe('a remembered passphrase', () => {
  const prompt = "Enter passphrase for key '/k': ";

  it.each(['OpenSSH_8.6p1', 'OpenSSH_for_Windows_9.5p1', 'OpenSSH_10.0p2'])('goes to %s', async (version) => {
    expect(await askedBy(version, prompt)).toEqual({ given: 'open sesame\n', asked: [] });
  });

  it.each(['OpenSSH_8.4p1', 'OpenSSH_7.4p1', 'Dropbear v2022.83'])(
    'does not go to %s, where a host can ask in the very same words',
    async (version) => {
      const { given, asked } = await askedBy(version, prompt);
      expect(given).toBe('');
      expect(asked).toMatchObject([{ kind: 'passphrase', subject: '/k', canRemember: false }]);
    },
  );

  it('never goes to a host that asks for it', async () => {
    const { given } = await askedBy('OpenSSH_9.9p1', `(ann@host) ${prompt}`);
    expect(given).toBe('');
  });
});
