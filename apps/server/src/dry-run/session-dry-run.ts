/** A dry run as an agent meets it: what it wants to do is taken down, and files read as it wrote them. */
import { createHash } from 'node:crypto';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newId, type SessionId, type TurnId } from '@farhand/shared/model/ids';
import type { Redactor } from '../secrets/redactor.ts';
import { newsLine, newsText, type ProposalNews } from './proposal-news.ts';
import type { Action, ProposalStore } from './proposal-store.ts';

/** A file that would be written. */
export interface ProposedWrite {
  readonly real: string;
  readonly path: string;
  readonly content: Uint8Array;
  /** The file as the agent saw it; null where there was none. */
  readonly before: Uint8Array | null;
}

/** For the adapters of agents. */
export interface SessionDryRun {
  /** As of now: a person can change it within a turn. */
  isOn(): boolean;
  /** Throws `dry_run.not_possible` where it is on, and the agent would act unasked in this mode; by default in the one that it has now. */
  check(mode?: string): void;
  /** Takes it down and gives its number; the same call twice is one proposal. Throws `FarhandError` for what cannot be kept. */
  command(call: ProposedCall, command: string, cwd: string): number;
  write(call: ProposedCall, write: ProposedWrite): number;
  /** What a file will hold when all that is open is applied; null where nothing would write it. */
  contentOf(real: string): Uint8Array | null;
  /** Files that would be written, absolute. */
  files(): ReadonlyMap<string, Uint8Array>;
  /** What a person decided since the agent was told last; null where there is nothing to tell. Also once it is off. */
  news(): ProposalNews | null;
}

interface ProposedCall {
  readonly turnId: TurnId;
  /** The same for the same call, also after a restart. */
  readonly key: string;
}

const MOST_BYTES = 4 * 1024 * 1024;
const MOST_OPEN = 500;

/** Told to a model of what was taken down. */
export const proposedText = (number: number, what: string): string =>
  `Not done yet: this is a dry run. ${what} was recorded as proposal ${number}; the user will look at it and apply or discard it. Files that you proposed are read back as proposed, but commands do not see them. Go on as if it worked where you can, and say at the end what you proposed. What becomes of it you are told with the next message.`;

/** Told of what a dry run does not do. */
export const notInDryRun = (tool: string): string =>
  `This is a dry run, in which nothing may be changed: “${tool}” cannot be recorded as a proposal and was not run. Do without it.`;

/** SHA-256 as hex. */
export const sumOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function createSessionDryRun(
  store: ProposalStore,
  sessionId: SessionId,
  {
    redactor,
    onChange,
    check,
  }: { redactor: () => Redactor; onChange: () => void; check: SessionDryRun['check'] },
): SessionDryRun {
  function add({ turnId, key }: ProposedCall, action: Action): number {
    const known = store.byCall(sessionId, key);
    if (known) return known.number;
    const open = store.ofSession(sessionId).filter(({ state }) => state === 'open');
    if (open.length >= MOST_OPEN) throw refused(`${MOST_OPEN} proposals are open already.`);
    const number = store.nextNumber(sessionId);
    const at = new Date().toISOString();
    const base = { id: newId('proposal'), sessionId, turnId, number, callKey: key, at };
    store.add({ ...base, state: 'open', reason: null, action, jobId: null, itemId: null });
    onChange();
    return number;
  }

  function refuseSecrets(text: string): void {
    if (redactor().text(text) !== text)
      throw refused('It holds the value of a secret, which is not kept. Use the variable in its place.');
  }

  function files(): Map<string, Uint8Array> {
    const found = new Map<string, Uint8Array>();
    for (const { action, state } of store.ofSession(sessionId))
      if (action.kind === 'write' && state === 'open')
        found.set(action.real, Buffer.from(action.content, 'base64'));
    return found;
  }

  return {
    isOn: () => store.isOn(sessionId),
    check,
    command(call, command, cwd) {
      refuseSecrets(command);
      return add(call, { kind: 'command', command, cwd });
    },
    write(call, { real, path, content, before }) {
      if (content.byteLength > MOST_BYTES) throw refused('More than 4 MiB are too much for a proposal.');
      const text = new TextDecoder().decode(content);
      refuseSecrets(text);
      // Shown only, and shown covered: what it is based on is known by its hash.
      const shown = redactor().text(
        new TextDecoder().decode(before?.subarray(0, MOST_BYTES) ?? new Uint8Array()),
      );
      return add(call, {
        kind: 'write',
        real,
        path,
        content: Buffer.from(content).toString('base64'),
        base: before === null ? null : sumOf(before),
        before: shown,
      });
    },
    contentOf: (real) => files().get(real) ?? null,
    files,
    news() {
      const rows = store.untold(sessionId);
      if (rows.length === 0) return null;
      return {
        text: newsText(rows, redactor().text),
        shown: newsLine(rows),
        markTold: () => store.setTold(rows),
      };
    },
  };
}

function refused(message: string): FarhandError {
  return new FarhandError('dry_run.refused', {
    message: `This cannot be recorded as a proposal. ${message}`,
  });
}
