import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { AuditEvent } from '@farhand/shared/model/audit';
import { auditCalls } from '@farhand/shared/protocol/calls/audit';
import { search } from '../../audit/search.ts';
import type { Context } from '../context.ts';
import { printable, table } from '../terminal.ts';
import { withReader } from './log-files.ts';
import { momentOf } from './times.ts';

interface SearchOptions {
  readonly kind?: readonly string[];
  readonly host?: string;
  readonly workspace?: string;
  readonly session?: string;
  readonly actor?: string;
  readonly since?: string;
  readonly until?: string;
  readonly exit?: string;
  readonly limit: string;
}

export async function searchLog(
  words: readonly string[],
  options: SearchOptions,
  context: Context,
): Promise<void> {
  const { exit } = options;
  const now = Date.now();
  const input = auditCalls['audit.search'].input.safeParse({
    text: words.join(' '),
    kinds: options.kind ?? [],
    hostId: options.host ?? null,
    workspaceId: options.workspace ?? null,
    sessionId: options.session ?? null,
    actor: options.actor ?? null,
    since: momentOf(options.since, now),
    until: momentOf(options.until, now),
    exit: exit === undefined || exit === 'ok' || exit === 'failed' ? (exit ?? null) : Number(exit),
    limit: Number(options.limit),
  });
  if (!input.success) {
    const [issue] = input.error.issues;
    throw new FarhandError('request.invalid', {
      message: `The search cannot be made: ${issue?.path.join('.')}: ${issue?.message}.`,
    });
  }
  const found = await withReader(context, (db) => search(db, input.data));
  const rows = found.events.map((event) => [
    String(event.seq),
    event.at.slice(0, 19).replace('T', ' '),
    event.kind,
    whoText(event),
    event.hostId ?? '-',
    printable(event.summary).slice(0, 120),
  ]);
  const head = ['SEQ', 'AT (UTC)', 'KIND', 'WHO', 'HOST', 'WHAT'];
  const more = found.next === null ? '' : '\nThere are more: narrow the search, or raise --limit.';
  const text = rows.length === 0 ? 'Nothing was found.' : table([head, ...rows]) + more;
  context.output.result(text, { events: found.events, next: found.next });
}

/** Who did it, in a few letters. */
export function whoText({ actor }: Pick<AuditEvent, 'actor'>): string {
  return printable(actor.name === null ? actor.kind : `${actor.kind} ${actor.name}`);
}
