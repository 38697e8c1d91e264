import { describe, expect, it } from 'vitest';
import { readPrompt } from './askpass-prompts.ts';

const UNKNOWN_KEY = `The authenticity of host '[127.0.0.1]:2222 ([127.0.0.1]:2222)' can't be established.
ED25519 key fingerprint is SHA256:gMWpghci4jH+8KckY83J+zLNE4DrwfrDZorZZU2IRGI.
This key is not known by any other names.
Are you sure you want to continue connecting (yes/no/[fingerprint])? `;

describe('readPrompt', () => {
  it.each([
    [
      "Enter passphrase for key '/home/a/.ssh/id_ed25519': ",
      '',
      'passphrase',
      '/home/a/.ssh/id_ed25519',
      true,
    ],
    ["Enter passphrase for key '/home/a b/it's': ", '', 'passphrase', "/home/a b/it's", true],
    ["root@10.0.0.1's password: ", '', 'password', 'root@10.0.0.1', true],
    ['(ann@host) Password: ', '', 'password', 'ann@host', true],
    ["(ann@host) ann@host's password: ", '', 'password', 'ann@host', true],
    ['(ann@host) Verification code: ', '', 'code', 'ann@host', false],
    ['(ann@host) One-time password (OATH) for `ann`: ', '', 'code', 'ann@host', false],
    [
      'Enter PIN for ED25519-SK key /home/a/.ssh/id_sk: ',
      '',
      'code',
      'ED25519-SK key /home/a/.ssh/id_sk',
      false,
    ],
    ['Confirm user presence for key ED25519-SK SHA256:abc', 'none', 'touch', 'ED25519-SK SHA256:abc', false],
    [
      'Add key /home/a/.ssh/id (ann) to agent?',
      'confirm',
      'confirm',
      'Add key /home/a/.ssh/id (ann) to agent?',
      false,
    ],
    ['Something else: ', '', 'code', 'Something else:', false],
  ] as const)('reads %j', (prompt, hint, kind, subject, canRemember) => {
    expect(readPrompt(prompt, hint)).toMatchObject({ kind, subject, canRemember, hostKey: null });
  });

  it('reads an unknown host key with its type and fingerprint', () => {
    const fingerprint = 'SHA256:gMWpghci4jH+8KckY83J+zLNE4DrwfrDZorZZU2IRGI';
    const expected = {
      kind: 'host_key',
      subject: '[127.0.0.1]:2222',
      hostKey: { type: 'ED25519', fingerprint },
    };
    expect(readPrompt(UNKNOWN_KEY, '')).toMatchObject(expected);
    expect(readPrompt(UNKNOWN_KEY.replace('is SHA', 'is: SHA'), '')).toMatchObject(expected);
    expect(readPrompt("Please type 'yes', 'no' or the fingerprint: ", '')).toBe('again');
  });

  it('lets nobody wave through a key that differs from the one of the address', () => {
    expect(readPrompt('Are you sure you want to continue connecting (yes/no)? ', '')).toBeNull();
  });

  it('does not take the words of a host for those of ssh', () => {
    const fake = "(ann@host) Enter passphrase for key '/home/a/.ssh/id_ed25519': ";
    expect(readPrompt(fake, '')).toMatchObject({ kind: 'code', subject: 'ann@host', canRemember: false });
  });

  it('keeps the text printable and bounded', () => {
    const read = readPrompt(`(a@h) \u001b]52;c;eA==\u0007 \u202e${'x'.repeat(5000)}`, '');
    expect(read).toMatchObject({ text: expect.not.stringMatching(/[\u001b\u0007\u202e]/) });
    expect((read as { text: string }).text.length).toBeLessThanOrEqual(2000);
  });
});
