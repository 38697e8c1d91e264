import { z } from 'zod';
import { hostId } from './hosts.ts';
import { jobId, projectId, workspaceId } from './ids.ts';

/** An environment variable's name; the value of a secret never leaves the server but for the workspace's jobs. */
export const secretName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/);

/** Where a secret counts. Of one name the project's comes before the host's, and the host's before the one of everywhere. */
export const secretScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('project'), projectId }),
  z.object({ kind: z.literal('host'), hostId }),
  z.object({ kind: z.literal('global') }),
]);
export type SecretScope = z.infer<typeof secretScope>;

/** What a job is for: an agent and all it starts, a terminal or command of a person, a repository's own setup. */
export const secretKind = z.enum(['agent', 'terminal', 'init']);
export type SecretKind = z.infer<typeof secretKind>;
/** All of them, in the order in which they are shown. */
export const SECRET_KINDS: readonly SecretKind[] = secretKind.options;

/** Without folders, and nothing a shell or a terminal would act on. */
export const secretFileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);

/** As a variable with the value, or as a file with the value whose path the variable holds. */
export const secretForm = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('variable') }),
  z.object({ kind: z.literal('file'), fileName: secretFileName }),
]);
export type SecretForm = z.infer<typeof secretForm>;

/** A job that was started with a value which has been replaced or removed since. */
export const secretHolder = z.object({
  jobId,
  workspaceId,
  hostId,
  kind: secretKind,
  startedAt: z.string(),
});
export type SecretHolder = z.infer<typeof secretHolder>;

/** What a list of secrets shows: never the value. */
export const secretSummary = z.object({
  scope: secretScope,
  name: secretName,
  kinds: z.array(secretKind).min(1),
  form: secretForm,
  /** When its value was given. */
  setAt: z.string(),
  /** Those of the same name that come before it where both count. */
  hiddenBy: z.array(secretScope),
  /** Jobs that run with the value of before. */
  oldHolders: z.array(secretHolder),
});
export type SecretSummary = z.infer<typeof secretSummary>;

/** Of one secret's value; a file's is of that many bytes. */
export const MAX_SECRET_BYTES = 64 * 1024;

/** Where the key comes from that seals what is stored. */
export const keySource = z.enum(['file', 'environment', 'command']);
export type KeySource = z.infer<typeof keySource>;
