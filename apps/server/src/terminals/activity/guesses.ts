import type { TerminalActivity } from '@farhand/shared/model/terminals';
import type { TerminalSignal } from './signal-reader.ts';

/** What a signal lets us guess; `text` null where it says nothing in words. */
export interface Guess {
  readonly state: TerminalActivity['state'];
  readonly text: string | null;
}

/** Words in a notification by which agents ask for their person. */
const ASKS = /permission|approv|confirm|waiting|your input|needs? (you|your|input)|question|action required/i;
/** Titles in which agents tell their state by a first sign. */
const TITLES: readonly { readonly sign: RegExp; readonly state: Guess['state'] }[] = [
  // Braille dots that turn: Claude Code, Codex and others at work.
  { sign: /^[\u2801-\u28ff]\s*/u, state: 'working' },
  { sign: /^✋\s*/u, state: 'blocked' },
  { sign: /^(?:✦|⏲)\s*/u, state: 'working' },
  { sign: /^(?:✳|◇)\s*/u, state: 'idle' },
];

/** From what any program may send: progress (OSC 9;4), notifications (OSC 9, 777, 99). */
export function guessOf(signal: TerminalSignal): Guess | null {
  if (signal.kind !== 'osc') return null;
  const { code, body } = signal;
  if (code === 9 && /^4(;|$)/.test(body)) return progress(body);
  if (code === 9) return notified(body);
  if (code === 777 && body.startsWith('notify;'))
    return notified(body.slice('notify;'.length).replace(';', ': '));
  if (code === 99) return kittyNotification(body);
  return null;
}

/** From what says something in a terminal that was opened for an agent only: titles, shell marks (OSC 133), the bell. */
export function guessOfAgent(signal: TerminalSignal): Guess | null {
  if (signal.kind === 'bell') return { state: 'blocked', text: null };
  if (signal.kind !== 'osc') return null;
  if (signal.code === 0 || signal.code === 2) return titled(signal.body);
  return signal.code === 133 ? shellMark(signal.body) : null;
}

// ConEmu's progress: 0 none, 1 so many percent, 2 failed, 3 at work, 4 paused.
function progress(body: string): Guess | null {
  const [, state, percent] = body.split(';');
  switch (state) {
    case '0':
      return { state: 'done', text: null };
    case '1':
      return { state: 'working', text: /^\d{1,3}$/.test(percent ?? '') ? `${percent} %` : null };
    case '2':
      return { state: 'failed', text: null };
    case '3':
      return { state: 'working', text: null };
    case '4':
      return { state: 'blocked', text: null };
    default:
      return null;
  }
}

function notified(text: string): Guess | null {
  return text === '' ? null : { state: ASKS.test(text) ? 'blocked' : 'done', text };
}

// `metadata;payload`; parts other than its texts, and updates that close one, say nothing.
function kittyNotification(body: string): Guess | null {
  const at = body.indexOf(';');
  const metadata = at === -1 ? '' : body.slice(0, at);
  const fields = new URLSearchParams(metadata.replaceAll(':', '&'));
  const part = fields.get('p') ?? 'title';
  if (part !== 'title' && part !== 'body') return null;
  const payload = body.slice(at + 1);
  return notified(fields.get('e') === '1' ? Buffer.from(payload, 'base64').toString('utf8') : payload);
}

function titled(title: string): Guess | null {
  const known = TITLES.find(({ sign }) => sign.test(title));
  return known ? { state: known.state, text: title.replace(known.sign, '') || null } : null;
}

function shellMark(body: string): Guess | null {
  if (body.startsWith('C')) return { state: 'working', text: null };
  if (!body.startsWith('D')) return null;
  const status = body.split(';')[1];
  return { state: status === undefined || status === '0' ? 'done' : 'failed', text: null };
}
