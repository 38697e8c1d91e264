import type { AuditVerdict } from '@farhand/shared/model/audit';
import { exportLog } from '../export-log.ts';
import type { Signer } from '../signature.ts';
import { verifyExport } from '../verify/verify-export.ts';
import type { OpenedAudit } from './open-audit.ts';

/** The lines of an export of this log. */
export const exported = ({ paths }: OpenedAudit, since: string | null = null): string[] =>
  [...exportLog(paths.file, since)].map((line) => JSON.stringify(line));

/** What is found of such lines; without a signer as somebody finds it who has not the key. */
export const checkExport = (texts: readonly string[], signer: Signer | null): Promise<AuditVerdict> =>
  verifyExport(each(texts), signer);

async function* each(texts: readonly string[]) {
  yield* texts;
}
