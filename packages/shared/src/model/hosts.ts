import { z } from 'zod';

/**
 * What names a host everywhere: `local` for the server's own machine, otherwise the destination exactly as `ssh`
 * takes it: `alias`, `user@host`, or `ssh://user@host:port`. Never begins with `-` and holds no white space or
 * control characters.
 */
export const hostId = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^-\s\p{Cc}][^\s\p{Cc}]*$/u)
  .brand<'HostId'>();
export type HostId = z.infer<typeof hostId>;

export const LOCAL_HOST = 'local' as HostId;

/** One union of states; `latencyMs` is the last measured round trip of one command. */
export const connectionState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('idle') }),
  z.object({ state: z.literal('connecting') }),
  z.object({ state: z.literal('connected'), latencyMs: z.number().nullable() }),
  z.object({
    state: z.literal('retrying'),
    attempt: z.number().int(),
    nextAt: z.string(),
    code: z.string(),
    message: z.string(),
  }),
  z.object({
    state: z.literal('refused'),
    code: z.string(),
    message: z.string(),
    hint: z.string().nullable(),
  }),
]);
export type ConnectionState = z.infer<typeof connectionState>;

export const host = z.object({
  id: hostId,
  label: z.string(),
  source: z.enum(['local', 'ssh_config', 'typed']),
  connection: connectionState,
});
export type Host = z.infer<typeof host>;
