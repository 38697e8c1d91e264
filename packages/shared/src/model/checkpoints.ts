import { z } from 'zod';
import { checkpointId, sessionId, turnId } from './ids.ts';

/** A moment that can be gone back to: the begin of a turn, or what was there before a rewind. */
export const rewindTarget = z.union([turnId, checkpointId]);
export type RewindTarget = z.infer<typeof rewindTarget>;

export const rewindWhat = z.enum(['files', 'conversation', 'both']);
export type RewindWhat = z.infer<typeof rewindWhat>;

/** What a session can be put back to. */
export const checkpoint = z.object({
  id: rewindTarget,
  sessionId,
  /** `turn`: as it was when that turn began; `undo`: as it was before a rewind. */
  kind: z.enum(['turn', 'undo']),
  at: z.string(),
  /** True where the files of that moment are kept. */
  hasFiles: z.boolean(),
  /** Why the files are not kept; null where they are. */
  reason: z.string().nullable(),
  /** Short name of the branch; null where none was checked out, or the files are not kept. */
  branch: z.string().nullable(),
  /** Paths that were not kept, and are left alone by a rewind; folders end with a slash. At most 20 are named. */
  left: z.array(z.string()),
  /** How many were not kept. */
  leftCount: z.number().int(),
});
export type Checkpoint = z.infer<typeof checkpoint>;

/** What a rewind would do to one file. `added`: it would be there again; counts are null for what is not text. */
export const rewindFile = z.object({
  path: z.string(),
  status: z.enum(['added', 'modified', 'deleted', 'type_changed']),
  additions: z.number().int().nullable(),
  deletions: z.number().int().nullable(),
  /** True where somebody but this session's agent changed it since. */
  isConflict: z.boolean(),
});
export type RewindFile = z.infer<typeof rewindFile>;

/** What a rewind would do. */
export const rewindPreview = z.object({
  target: checkpoint,
  /** Sorted by path; at most 2000. */
  files: z.array(rewindFile),
  isCut: z.boolean(),
  /** Commits that the branch would lose; the undo point keeps them. Null where branch and commit stay as they are; a conflict where others moved them. */
  commits: z
    .object({ branch: z.string().nullable(), lost: z.number().int(), isConflict: z.boolean() })
    .nullable(),
  /** Sentences about what cannot be put back. */
  notes: z.array(z.string()),
  /** False where nobody knows who changed what, so that every file counts as a conflict. */
  isOriginKnown: z.boolean(),
  /** Why the conversation cannot be taken back; null where it can. */
  conversationRefusal: z.string().nullable(),
  /** Turns that would be undone in the conversation. */
  turns: z.number().int(),
});
export type RewindPreview = z.infer<typeof rewindPreview>;
