import { auditEvent } from '@farhand/shared/model/audit';
import { z } from 'zod';

const mark = z.object({ seq: z.number().int(), hash: z.string() });
const signed = mark.extend({ signature: z.string() });

/**
 * The lines of an export, each one JSON document: one that says where it begins, the events in order, one that says where
 * it ends. `after`: what the first event follows, null at the very beginning; `cut`: signed, where the log was cut there.
 */
export const exportLine = z.union([
  z.object({ farhandAudit: z.literal(1), after: mark.nullable(), cut: signed.nullable() }),
  z.object({ end: signed.nullable() }),
  auditEvent,
]);
export type ExportLine = z.infer<typeof exportLine>;
