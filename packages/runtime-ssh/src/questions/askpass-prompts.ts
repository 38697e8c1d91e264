/** Reads what ssh asks (readpass.c, sshconnect.c, sshconnect2.c): a prompt is all it gives to its helper. */
import type { QuestionParts } from './questions.ts';

const MAX_TEXT_LENGTH = 2_000;
const MAX_SUBJECT_LENGTH = 255;

const HOST_KEY = /^The authenticity of host '([^']*)' can't be established/;
/** Newer versions write `fingerprint is: `. */
const FINGERPRINT = /^(\S+) key fingerprint is:? (SHA256:[A-Za-z0-9+/=]+|MD5:[0-9a-f:]+)\.?$/m;
const HOST_KEY_AGAIN = /^Please type 'yes', 'no' or the fingerprint/;
/** Without a fingerprint: the key is not the one on record for the host's address. */
const ADDRESS_CHANGED = /^Are you sure you want to continue connecting/;
const PASSPHRASE = /^Enter passphrase for (?:key )?'?(.*?)'?: *$/;
const PASSWORD = /^(\S+@.+)'s password: *$/;
/** ssh puts who is asked for before the host's own words, so that a host cannot pass for ssh. */
const INTERACTIVE = /^\((\S+@[^)]*)\) /;
const PIN = /^Enter PIN (?:.*)for (.+?):? *$/;
const TOUCH = /^Confirm user presence for key (.+)$/;
const ONE_TIME = /one[- ]?time|otp|token|verification|code|pin\b|passcode|challenge|response/i;

/**
 * The question in a prompt; `hint` is SSH_ASKPASS_PROMPT. `again` where ssh did not take the last answer to its question
 * for a host key; null for what no person may wave through.
 */
export function readPrompt(prompt: string, hint: string): QuestionParts | 'again' | null {
  const text = printable(prompt).slice(0, MAX_TEXT_LENGTH);
  const about = (kind: QuestionParts['kind'], subject: string, canRemember = false): QuestionParts => ({
    kind,
    text,
    subject: subject.slice(0, MAX_SUBJECT_LENGTH),
    hostKey: null,
    canRemember,
  });
  if (hint === 'none') return about('touch', TOUCH.exec(text)?.[1] ?? 'security key');
  if (hint === 'confirm') return about('confirm', text.split('\n')[0] ?? '');
  if (HOST_KEY_AGAIN.test(text)) return 'again';
  if (ADDRESS_CHANGED.test(text)) return null;
  const host = HOST_KEY.exec(text)?.[1];
  if (host !== undefined)
    return { ...about('host_key', host.replace(/ \(.*$/, '')), hostKey: hostKeyIn(text) };
  const interactive = INTERACTIVE.exec(text)?.[1];
  if (interactive !== undefined) {
    const isPassword = /password/i.test(text) && !ONE_TIME.test(text.slice(interactive.length + 3));
    return about(isPassword ? 'password' : 'code', interactive, isPassword);
  }
  const key = PASSPHRASE.exec(text)?.[1];
  if (key !== undefined) return about('passphrase', key, true);
  const account = PASSWORD.exec(text)?.[1];
  if (account !== undefined) return about('password', account, true);
  return about('code', PIN.exec(text)?.[1] ?? text.split('\n')[0]?.trim() ?? '');
}

function hostKeyIn(text: string): QuestionParts['hostKey'] {
  const found = FINGERPRINT.exec(text);
  return found?.[1] && found[2] ? { type: found[1], fingerprint: found[2] } : null;
}

// Hosts choose some of the words: nothing of theirs may move a cursor or turn text around.
function printable(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, '\uFFFD').trimEnd();
}
