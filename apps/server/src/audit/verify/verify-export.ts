import type { AuditVerdict } from '@farhand/shared/model/audit';
import { rowOfEvent } from '../chain.ts';
import type { Signer } from '../signature.ts';
import { type ChainCheck, createChainCheck, createProblems, type Problems } from './chain-check.ts';
import { type ExportLine, exportLine } from './export-lines.ts';

/**
 * Looks at an export alone, without the log it came from: that its events are the ones that were written, without a gap,
 * and with the key also that it begins and ends where the log did. Kept outputs are not in it.
 */
export async function verifyExport(
  lines: AsyncIterable<string>,
  signer: Signer | null,
): Promise<AuditVerdict> {
  const problems = createProblems();
  let chain: ChainCheck | undefined;
  let isEnded = false;
  let number = 0;
  for await (const text of lines) {
    number += 1;
    if (text.trim() === '') continue;
    const line = parsed(text);
    if (!line) problems.add(null, `Line ${number} is not one of an export.`);
    else if ('farhandAudit' in line) {
      if (chain) problems.add(null, `Line ${number} begins another export.`);
      else chain = begun(problems, line, signer);
    } else if (isEnded) problems.add(null, `Line ${number} comes after the end of the export.`);
    else if ('end' in line) {
      isEnded = true;
      checkEnd(problems, { end: line.end, chain, signer });
    } else {
      if (!chain) problems.add(null, 'The export does not say where it begins.');
      chain ??= createChainCheck(problems, { seq: line.seq - 1, hash: line.previous });
      chain.next(rowOfEvent(line));
    }
  }
  if (!chain) problems.add(null, 'This is no export of an audit log.');
  if (!isEnded) problems.add(null, 'The export does not say where it ends: its end is missing.');
  return {
    isWhole: problems.list.length === 0,
    problems: problems.list,
    events: chain?.events ?? 0,
    outputs: 0,
    removedOutputs: 0,
    first: chain?.first ?? null,
    head: chain?.last ?? null,
    isSigned: signer !== null,
  };
}

type Begin = Extract<ExportLine, { farhandAudit: 1 }>;

function begun(problems: Problems, { after, cut }: Begin, signer: Signer | null): ChainCheck {
  if (cut && (cut.seq !== after?.seq || cut.hash !== after.hash))
    problems.add(null, 'The export does not begin where the log was cut.');
  if (cut && signer && !signer.isSigned('cut', cut, cut.signature))
    problems.add(null, `The cut up to event ${cut.seq} is not signed by this server.`);
  return createChainCheck(problems, after);
}

interface End {
  readonly end: Extract<ExportLine, { end: unknown }>['end'];
  readonly chain: ChainCheck | undefined;
  readonly signer: Signer | null;
}

function checkEnd(problems: Problems, { end, chain, signer }: End): void {
  const last = chain?.last ?? null;
  if (!end) {
    if (last) problems.add(null, 'The end of the export is not signed.');
    return;
  }
  if (signer && !signer.isSigned('head', end, end.signature))
    problems.add(null, `The end of the export, event ${end.seq}, is not signed by this server.`);
  if (last && (last.seq !== end.seq || last.hash !== end.hash))
    problems.add(last.seq, `The export ends at event ${last.seq}, but the log went on to event ${end.seq}.`);
}

function parsed(text: string): ExportLine | null {
  try {
    return exportLine.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
