/**
 * The program status protocol, OSC 7501 revision 0.3: a program says itself what it does. A body is `key=value` pairs
 * with `:` between; `msg` and `title` are base64. A record is named by `id` (segments with `/` between, none for the
 * program itself); a report takes the place of the whole record, and `clear` removes it with all below it.
 */
export type ProgramState = 'idle' | 'working' | 'done' | 'blocked' | 'error';

interface ProgramRecord {
  readonly state: ProgramState;
  /** What it says, as plain text of one line; null where it says nothing. */
  readonly text: string | null;
}

export interface ProgramStatus {
  /** True where something changed. */
  report(body: string): boolean;
  /** A new shell prompt (OSC 133 A): what worked or asked is over. */
  promptBegan(): boolean;
  /** A person typed: what was done or had failed was seen. */
  personTyped(): boolean;
  reset(): boolean;
  /** The record that counts: blocked, then error, done, working, idle; the newest of equals. Null where there is none. */
  newest(): ProgramRecord | null;
}

/** What a program sends to learn if it is understood; the answer is the same (see `STATUS_ANSWER`). */
export const isStatusQuery = (body: string): boolean => body === '?';
export const STATUS_ANSWER = '\u001b]7501;?\u001b\\';

const STATES: readonly ProgramState[] = ['blocked', 'error', 'done', 'working', 'idle'];
const KINDS: Readonly<Record<string, string>> = {
  permission: 'asks for permission',
  question: 'asks a question',
  auth: 'asks to sign in',
};
const MOST_RECORDS = 256;
const LONGEST = { id: 128, depth: 8, message: 2048, title: 192, key: 16 };
const SEGMENT = /^[A-Za-z0-9_.+-]{1,32}$/;

export function createProgramStatus(): ProgramStatus {
  // In the order of their last report, oldest first.
  const records = new Map<string, ProgramRecord>();
  const drop = (isDropped: (id: string, record: ProgramRecord) => boolean): boolean => {
    const before = records.size;
    for (const [id, record] of records) if (isDropped(id, record)) records.delete(id);
    return records.size < before;
  };
  return {
    report(body) {
      const fields = fieldsOf(body);
      const id = fields?.get('id') ?? '';
      if (!fields || !isId(id)) return false;
      const state = fields.get('state');
      if (state === 'clear') return drop((one) => id === '' || one === id || one.startsWith(`${id}/`));
      const text = textOf(fields);
      if (!isState(state) || text === undefined) return false;
      records.delete(id);
      records.set(id, { state, text });
      const [oldest] = records.keys();
      if (records.size > MOST_RECORDS && oldest !== undefined) records.delete(oldest);
      return true;
    },
    promptBegan: () => drop((_, { state }) => state !== 'done' && state !== 'error'),
    personTyped: () => drop((_, { state }) => state === 'done' || state === 'error'),
    reset: () => drop(() => true),
    newest() {
      const all = [...records.values()];
      for (const state of STATES) {
        const found = all.findLast((record) => record.state === state);
        if (found) return found;
      }
      return null;
    },
  };
}

function isState(text: string | undefined): text is ProgramState {
  return STATES.some((state) => state === text);
}

// A pair that makes no sense is passed over, and of two the last counts.
function fieldsOf(body: string): Map<string, string> | null {
  const fields = new Map<string, string>();
  for (const pair of body.split(':')) {
    const found = /^([a-z]+)=([A-Za-z0-9_.,+/=-]*)$/.exec(pair);
    const [, key = '', value = ''] = found ?? [];
    if (found && key.length <= LONGEST.key) fields.set(key, value);
  }
  return fields.size > 0 ? fields : null;
}

function isId(id: string): boolean {
  const segments = id.split('/');
  return (
    id === '' ||
    (id.length <= LONGEST.id &&
      segments.length <= LONGEST.depth &&
      segments.every((one) => SEGMENT.test(one)))
  );
}

// Undefined where a text breaks the rules: then the whole report does not count.
function textOf(fields: ReadonlyMap<string, string>): string | null | undefined {
  const message = decoded(fields.get('msg'), LONGEST.message);
  const title = decoded(fields.get('title'), LONGEST.title);
  if (message === undefined || title === undefined) return undefined;
  const said = message ?? title;
  return said ?? KINDS[fields.get('kind') ?? ''] ?? null;
}

function decoded(value: string | undefined, longestBytes: number): string | null | undefined {
  if (value === undefined || value === '') return null;
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value)) return undefined;
  const bytes = Buffer.from(value, 'base64');
  if (bytes.byteLength > longestBytes) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /\p{Cc}/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
