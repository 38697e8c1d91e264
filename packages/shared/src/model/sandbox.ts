import { z } from 'zod';
import { hostId } from './hosts.ts';

/** The profile under which nothing is kept from a job. */
export const NO_SANDBOX = 'none';

/** Of a profile: letters, digits, `-` and `_`, a letter first. */
export const sandboxName = z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/);

/** Null: not limited. `cpu`: how many cores' worth; `cpuSeconds`: of one program. */
export const sandboxLimits = z.object({
  memoryBytes: z.number().int().positive().nullable(),
  processes: z.number().int().positive().nullable(),
  cpu: z.number().positive().nullable(),
  cpuSeconds: z.number().int().positive().nullable(),
});
export type SandboxLimits = z.infer<typeof sandboxLimits>;

/**
 * What jobs may do. Paths are absolute or begin with `~/`, the home folder on the host; of two that contain a path the
 * longer one counts.
 */
export const sandboxProfile = z.object({
  name: sandboxName,
  /** One line. */
  description: z.string(),
  /** True for one of the person's own. */
  isOwn: z.boolean(),
  network: z.boolean(),
  workspace: z.enum(['write', 'read', 'hidden']),
  read: z.array(z.string()),
  write: z.array(z.string()),
  hide: z.array(z.string()),
  /** Names of variables that it sets; the values stay in the file. */
  variables: z.array(z.string()),
  /** True where a program may make a sandbox of its own inside. */
  nested: z.boolean(),
  limits: sandboxLimits,
});
export type SandboxProfile = z.infer<typeof sandboxProfile>;

/** Why a sandbox does not work on a host. */
export const sandboxReason = z.enum([
  'system',
  'missing',
  'too_old',
  'user_namespaces_off',
  'user_namespaces_full',
  'apparmor',
  'container',
  'limits',
  'unknown',
]);
export type SandboxReason = z.infer<typeof sandboxReason>;

/** Whether jobs can run under a profile on a host, and what to do where they cannot. */
export const sandboxCheck = z.object({
  hostId,
  profile: sandboxName,
  works: z.boolean(),
  /** Null where it works. */
  reason: sandboxReason.nullable(),
  /** One sentence. */
  message: z.string(),
  /** What to do; null where it works. */
  fix: z.string().nullable(),
  /** For a terminal on the host, as its administrator; null where no command does it. */
  command: z.string().nullable(),
  /** Of bubblewrap; null where there is none. */
  version: z.string().nullable(),
  /** What keeps the limits of profiles there. */
  limits: z.enum(['systemd', 'ulimit']).nullable(),
});
export type SandboxCheck = z.infer<typeof sandboxCheck>;
