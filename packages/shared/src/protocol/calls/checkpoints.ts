import { z } from 'zod';
import { checkpoint, rewindPreview, rewindTarget, rewindWhat } from '../../model/checkpoints.ts';
import { checkpointId, sessionId } from '../../model/ids.ts';
import { call } from './call.ts';

/** Calls about checkpoints. See `calls`. */
export const checkpointCalls = {
  /** Oldest first. */
  'checkpoint.list': call(z.object({ sessionId }), z.object({ checkpoints: z.array(checkpoint) })),
  /** Changes nothing. */
  'checkpoint.preview': call(z.object({ sessionId, to: rewindTarget }), z.object({ preview: rewindPreview })),
  /** What a rewind would do to one file, as a unified diff. */
  'checkpoint.diff': call(
    z.object({ sessionId, to: rewindTarget, path: z.string().min(1).max(4096) }),
    z.object({ patch: z.string(), binary: z.boolean(), truncated: z.boolean() }),
  ),
  /**
   * `undo` is what was there before: rewinding to it takes the rewind back. Where others changed files since, nothing is
   * done without `force`: `checkpoint.conflict` with their paths in `details.paths`.
   */
  'checkpoint.rewind': call(
    z.object({ sessionId, to: rewindTarget, what: rewindWhat, force: z.boolean().default(false) }),
    z.object({ undo: checkpointId, files: z.number().int(), left: z.array(z.string()) }),
  ),
} as const;
