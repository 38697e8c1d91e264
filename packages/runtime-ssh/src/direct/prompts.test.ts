import { describe, expect, it } from 'vitest';
import { answered, person } from '../testing/person.ts';
import { Asker } from './questions.ts';
import type { DirectSettings } from './settings.ts';
import { SignIn } from './sign-in.ts';

const SETTINGS = {
  user: 'ann',
  hostname: 'box',
  signInMethods: ['keyboard-interactive'],
  passwordTries: 3,
} as const satisfies Partial<DirectSettings>;

/** What a person is asked where the host asks so by keyboard-interactive. */
async function askedBy(instructions: string, prompt: string) {
  const questions = person(() => answered('x'));
  const asker = new Asker({
    questions,
    questionTimeoutMs: undefined,
    signal: new AbortController().signal,
    onAsking: () => {},
  });
  const signIn = new SignIn(SETTINGS as unknown as DirectSettings, asker);
  signIn.refused(['keyboard-interactive']);
  const attempt = await signIn.next();
  if (attempt?.type !== 'keyboard-interactive') throw new Error('another way was tried');
  await new Promise((resolve) => attempt.prompt('', instructions, '', [{ prompt, echo: false }], resolve));
  return questions.asked[0];
}

describe('a host that asks by keyboard-interactive', () => {
  it.each([
    ['', "Enter passphrase for key '/home/ann/.ssh/id_ed25519': "],
    ["Enter passphrase for key '/home/ann/.ssh/id_ed25519':", ''],
  ])('does not pass for ssh: %j %j', async (instructions, prompt) => {
    const asked = await askedBy(instructions, prompt);
    expect(asked?.kind).not.toBe('passphrase');
    expect(asked).toMatchObject({ subject: 'ann@box', text: expect.stringMatching(/^\(ann@box\) Enter/) });
  });

  it('moves no cursor and turns no text around', async () => {
    const asked = await askedBy('\u001b[2J\u202e\u2066', 'Code\u200f: ');
    expect(asked?.text).not.toMatch(/[^\P{C}\n]/u);
  });
});
