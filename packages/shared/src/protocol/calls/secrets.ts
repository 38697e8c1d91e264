import { z } from 'zod';
import {
  keySource,
  MAX_SECRET_BYTES,
  secretForm,
  secretKind,
  secretName,
  secretScope,
  secretSummary,
} from '../../model/secrets.ts';
import { call, none } from './call.ts';

const kinds = z.array(secretKind).min(1).default(['agent', 'terminal', 'init']);
// Base64 takes four letters for three bytes.
const value = z
  .string()
  .min(1)
  .max(Math.ceil(MAX_SECRET_BYTES / 3) * 4);

/** Calls about secrets. See `calls`. */
export const secretCalls = {
  /** Those of one scope, or all; by scope and name. */
  'secret.list': call(
    z.object({ scope: secretScope.optional() }),
    z.object({ secrets: z.array(secretSummary) }),
  ),
  /** Makes or replaces one. `encoding`: how `value` says its bytes; a variable is always text. */
  'secret.set': call(
    z.object({
      scope: secretScope,
      name: secretName,
      value,
      encoding: z.enum(['text', 'base64']).default('text'),
      kinds,
      form: secretForm.default({ kind: 'variable' }),
    }),
    none,
  ),
  /** Who gets it from the next job on; its value stays. */
  'secret.set_kinds': call(z.object({ scope: secretScope, name: secretName, kinds }), none),
  'secret.remove': call(z.object({ scope: secretScope, name: secretName }), none),
  /** All of a `.env` file's that are named, at once or none: `names` as a preview showed them. */
  'secret.import': call(
    z.object({
      scope: secretScope,
      secrets: z.array(z.object({ name: secretName, value })).max(1000),
      kinds,
    }),
    z.object({ added: z.array(secretName), replaced: z.array(secretName) }),
  ),
  'secret.key': call(none, z.object({ source: keySource })),
  /**
   * Seals all that is stored with a new key, base64 of 32 bytes: given where the key is not the file's, else made here.
   * The next start has to be with it.
   */
  'secret.rekey': call(
    z.object({ key: z.string().max(100).optional() }),
    z.object({ source: keySource, resealed: z.number().int() }),
  ),
} as const;
