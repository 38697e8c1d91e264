import { z } from 'zod';
import { hostId, hostQuestion } from './hosts.ts';

/** In this order; each needs those before it, but `agents` and `disk` need only `shell`. */
export const HOST_TEST_STEPS = [
  'resolve',
  'connect',
  'host_key',
  'authenticate',
  'shell',
  'git',
  'write_access',
  'disk',
  'agents',
] as const;

export const hostTestStep = z.object({
  name: z.enum(HOST_TEST_STEPS),
  /** `skipped`: it could not be looked at, because of a step before it, or because a proxy is in between. */
  state: z.enum(['waiting', 'running', 'ok', 'warning', 'failed', 'skipped']),
  /** Null while it has not ended. */
  timeMs: z.number().nullable(),
  /** What was seen; the host's words in it are printable. */
  detail: z.string().nullable(),
  hint: z.string().nullable(),
  /** Of a failure, as `host.auth_failed`. */
  code: z.string().nullable(),
});
export type HostTestStep = z.infer<typeof hostTestStep>;

/** A test of how a host is reached and what it has, from its begin to its end. Kept for ten minutes after that. */
export const hostTest = z.object({
  id: z.string(),
  /** Of what is saved; null for values that are not. */
  hostId: hostId.nullable(),
  /** Goes up with every change: `host.test_get` waits for one above it. */
  version: z.number().int(),
  state: z.enum(['running', 'passed', 'failed', 'cancelled']),
  steps: z.array(hostTestStep),
  /** What ssh asks now: `host.test_answer` answers. */
  question: hostQuestion.nullable(),
  /** As the machine that answered calls itself. */
  hostname: z.string().nullable(),
  /** What to type in a terminal for the same connection. */
  command: z.string(),
});
export type HostTest = z.infer<typeof hostTest>;

/** `bad`: mend it; `warn`: know it; `unknown`: it could not be seen. */
export const hostFinding = z.object({
  /** As `key_permissions`. */
  id: z.string(),
  title: z.string(),
  state: z.enum(['ok', 'warn', 'bad', 'unknown']),
  seen: z.string(),
  /** What to do; null where there is nothing to do. */
  todo: z.string().nullable(),
});
export type HostFinding = z.infer<typeof hostFinding>;

export const hostReport = z.object({ hostId, at: z.string(), findings: z.array(hostFinding) });
export type HostReport = z.infer<typeof hostReport>;
