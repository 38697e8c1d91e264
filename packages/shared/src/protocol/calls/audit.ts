import { z } from 'zod';
import { auditEvent, auditKind, auditSettings, auditVerdict } from '../../model/audit.ts';
import { hostId } from '../../model/hosts.ts';
import { sessionId, workspaceId } from '../../model/ids.ts';
import { call } from './call.ts';

const seq = z.number().int().min(0);

const changedSettings = auditSettings.partial().extend({
  // The largest output fits with room to spare: the newest one is always kept.
  maxOutputBytes: z
    .number()
    .int()
    .min(32 * 1024 ** 2)
    .max(1024 ** 5)
    .optional(),
});

/** Calls about the audit log. See `calls`. */
export const auditCalls = {
  /**
   * The newest first. `text`: words that all stand in an event; `actor`: a kind or a name; `next`: give it as `before` for
   * what follows, null at the end; `last`: the number of the newest event there is, for `after`.
   */
  'audit.search': call(
    z.object({
      text: z.string().max(200).default(''),
      kinds: z.array(auditKind).max(20).default([]),
      hostId: hostId.nullable().default(null),
      workspaceId: workspaceId.nullable().default(null),
      sessionId: sessionId.nullable().default(null),
      actor: z.string().max(200).nullable().default(null),
      since: z.iso.datetime().nullable().default(null),
      until: z.iso.datetime().nullable().default(null),
      exit: z
        .union([z.enum(['ok', 'failed']), z.number().int()])
        .nullable()
        .default(null),
      before: seq.nullable().default(null),
      after: seq.nullable().default(null),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    z.object({ events: z.array(auditEvent), next: seq.nullable(), last: seq }),
  ),
  'audit.get': call(z.object({ seq }), z.object({ event: auditEvent })),
  /**
   * A piece of a kept output, by its hash; bytes that are no UTF-8 come as U+FFFD. `isRemoved`: no longer kept, as the log
   * says. Throws `audit.not_found` for what nobody removed and is not there.
   */
  'audit.output': call(
    z.object({
      hash: z.string().regex(/^[0-9a-f]{64}$/),
      offset: z.number().int().min(0).default(0),
      limit: z
        .number()
        .int()
        .min(1)
        .max(1024 * 1024)
        .default(256 * 1024),
    }),
    z.object({ text: z.string(), totalBytes: z.number().int(), isRemoved: z.boolean() }),
  ),
  /** Looks at the whole log and at every kept output; may take a while. */
  'audit.verify': call(z.object({}), auditVerdict),
  'audit.settings': call(z.object({}), auditSettings),
  /** What is left out stays. Removes what is too old or too much then, in the background. */
  'audit.set_settings': call(changedSettings, auditSettings),
} as const;
