import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { AuditEvent } from '@farhand/shared/model/audit';
import { auditPaths } from '../../audit/audit-paths.ts';
import { exportLog } from '../../audit/export-log.ts';
import { createOutputStore } from '../../audit/outputs/output-store.ts';
import { isRemoved } from '../../audit/outputs/removed-outputs.ts';
import { findEvent } from '../../audit/store/finding.ts';
import type { Context } from '../context.ts';
import { printable, table } from '../terminal.ts';
import { withReader } from './log-files.ts';
import { whoText } from './search.ts';
import { momentOf } from './times.ts';

export async function show(
  seq: string,
  { output: isOutputWanted }: { output?: boolean },
  context: Context,
): Promise<void> {
  const found = await withReader(context, (db) => {
    const event = /^\d{1,15}$/.test(seq) ? findEvent(db, Number(seq)) : null;
    return event && { event, isToldGone: event.output !== null && isRemoved(db, event.output) };
  });
  if (!found) throw new FarhandError('audit.not_found', { message: `There is no event ${printable(seq)}.` });
  const { event, isToldGone } = found;
  const isGone = isToldGone && outputs(context).sizeOf(event.output ?? '') === null;
  if (!isOutputWanted)
    return context.output.result(eventText(event, isGone), { event, isOutputRemoved: isGone });
  if (isGone) {
    const text = `The output of event ${event.seq} is no longer kept: it was removed for the limit of all outputs.`;
    return context.output.result(text, { event, output: null, isOutputRemoved: true });
  }
  const bytes = event.output ? await outputs(context).read(event.output) : new Uint8Array();
  if (!bytes)
    throw new FarhandError('audit.not_found', { message: `The output of event ${seq} is missing.` });
  const text = Buffer.from(bytes).toString('utf8');
  // A terminal would act on what a program wrote; tabs and line ends are all that is left of it.
  const shown = text.replaceAll(/[^\P{Cc}\n\t]|\p{Cf}/gu, '�');
  context.output.result(shown.replace(/\n$/, ''), { event, output: text, isOutputRemoved: false });
}

const outputs = ({ paths }: Context) => createOutputStore(auditPaths(paths).outputsDirectory);

function eventText(event: AuditEvent, isGone: boolean): string {
  const facts = Object.entries(event.facts).map(([name, value]) => [
    `  ${printable(name)}`,
    printable(typeof value === 'string' ? value : JSON.stringify(value)),
  ]);
  const rows = [
    ['at', event.at],
    ['kind', event.kind],
    ['who', whoText(event)],
    ['host', event.hostId ?? '-'],
    ['workspace', event.workspaceId ?? '-'],
    ['session', event.sessionId ?? '-'],
    ['output', `${event.output ?? '-'}${isGone ? ' (no longer kept)' : ''}`],
    ['previous', event.previous],
    ['hash', event.hash],
  ];
  return [`${event.seq}: ${printable(event.summary)}`, table([...rows, ...facts])].join('\n');
}

const WRITE_AT_ONCE = 64 * 1024;

export async function exportAll({ since }: { since?: string }, context: Context): Promise<void> {
  const from = momentOf(since, Date.now());
  const { file } = auditPaths(context.paths);
  // That there is one is told before a line is printed.
  await withReader(context, () => {});
  let lines = '';
  const write = () =>
    // What cannot be written is told by the stream itself.
    new Promise<void>((resolve) => context.streams.out.write(lines, () => resolve()));
  for (const line of exportLog(file, from)) {
    lines += `${JSON.stringify(line)}\n`;
    if (lines.length < WRITE_AT_ONCE) continue;
    await write();
    lines = '';
  }
  await write();
}
