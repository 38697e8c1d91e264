import { z } from 'zod';
import { approvalId, workspaceId } from '../../model/ids.ts';
import { errorInfo } from '../../model/workspaces.ts';
import { call } from './call.ts';

const path = z.string().min(1).max(4096);
const encoding = z.enum(['utf8', 'base64']).default('utf8');

/** Calls about files in workspaces. Paths are relative to its folder; none leads out of it. See `calls`. */
export const fileCalls = {
  /** By name. */
  'file.list': call(
    z.object({
      workspaceId,
      path: path.default('.'),
      limit: z.number().int().min(1).max(2000).default(500),
    }),
    z.object({
      entries: z.array(
        z.object({
          name: z.string(),
          kind: z.enum(['file', 'directory', 'symlink', 'other']),
          sizeBytes: z.number(),
          modifiedAt: z.string(),
        }),
      ),
      isTruncated: z.boolean(),
    }),
  ),
  /**
   * At most `limit` bytes from `offset` on, both counted with secrets covered. Throws `file.not_text` for `utf8` where it is
   * none, `file.too_large` above 8 MiB.
   */
  'file.read': call(
    z.object({
      workspaceId,
      path,
      offset: z.number().int().min(0).default(0),
      limit: z
        .number()
        .int()
        .min(1)
        .max(256 * 1024)
        .default(64 * 1024),
      encoding,
    }),
    z.object({
      content: z.string(),
      encoding: z.enum(['utf8', 'base64']),
      sizeBytes: z.number(),
      nextOffset: z.number().nullable(),
    }),
  ),
  /**
   * Replaces a whole file, or makes it, by the policy: `asking` where a person has to allow it first; then it is written
   * as soon as they do, also when the server was started anew in between. The same once more while it is asked about is
   * the same question. Throws `file.write_denied`, `file.too_many_writes`.
   */
  'file.write': call(
    z.object({ workspaceId, path, content: z.string().max(700_000), encoding }),
    z.object({
      state: z.enum(['written', 'asking']),
      approvalId: approvalId.nullable(),
      sizeBytes: z.number(),
    }),
  ),
  /**
   * What became of a write that answered `asking`; with `waitMs` once it is over, or then. `allowed`: a person said yes,
   * and it is done as soon as the host is there. `error` says why it was denied or failed. Throws `file.write_not_found`.
   */
  'file.write_result': call(
    z.object({ approvalId, waitMs: z.number().int().min(0).max(60_000).default(0) }),
    z.object({
      state: z.enum(['asking', 'allowed', 'written', 'denied', 'failed']),
      workspaceId,
      path: z.string(),
      error: errorInfo.nullable(),
    }),
  ),
} as const;
