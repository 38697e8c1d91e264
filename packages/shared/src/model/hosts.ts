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

/**
 * What ssh asks before it goes on. `host_key`: trust this key, and remember it (yes or no). `passphrase`, `password`,
 * `code`: a text that is never shown. `confirm`: yes or no. `touch`: nothing to answer, the security key waits.
 */
export const hostQuestion = z.object({
  id: z.string(),
  kind: z.enum(['host_key', 'passphrase', 'password', 'code', 'confirm', 'touch']),
  /** ssh's own words, printable, at most 2,000 characters. */
  text: z.string(),
  /** Who is asked for: the host's name, `user@host`, or the path of a key. */
  subject: z.string(),
  /** For `host_key` only: as `ED25519` and `SHA256:…`. */
  hostKey: z.object({ type: z.string(), fingerprint: z.string() }).nullable(),
  /** True where the answer may be kept in memory for the server's life. */
  canRemember: z.boolean(),
  askedAt: z.string(),
  /** Not answered by then, it is refused. */
  expiresAt: z.string(),
});
export type HostQuestion = z.infer<typeof hostQuestion>;

/** A host key that is not the one on record. Fingerprints as `SHA256:…`; `records` are places in known_hosts files. */
export const keyChange = z.object({
  type: z.string(),
  offered: z.string(),
  known: z.array(z.string()),
  records: z.array(z.object({ file: z.string(), line: z.number().int() })),
});
export type KeyChange = z.infer<typeof keyChange>;

/** One union of states; `latencyMs` is the last measured round trip of one command. */
export const connectionState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('idle') }),
  z.object({ state: z.literal('connecting') }),
  z.object({ state: z.literal('connected'), latencyMs: z.number().nullable() }),
  z.object({ state: z.literal('asking'), question: hostQuestion }),
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
    /** Set for `host.key_changed`: a security event, which no button waves through. */
    keyChange: keyChange.nullable(),
  }),
]);
export type ConnectionState = z.infer<typeof connectionState>;

/** How a connection is made: `master` by the system's ssh with ControlMaster, `direct` by our own client. */
export const connectionMethod = z.enum(['master', 'direct']);
export type ConnectionMethod = z.infer<typeof connectionMethod>;

/** What a person should know of a host before work is left on it alone, as `host.kills_at_logout`. */
export const hostWarning = z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() });
export type HostWarning = z.infer<typeof hostWarning>;

export const host = z.object({
  id: hostId,
  label: z.string(),
  source: z.enum(['local', 'ssh_config', 'typed']),
  connection: connectionState,
  /** In use now; null for this machine. */
  method: connectionMethod.nullable(),
  /** What the person chose; null leaves it to the platform. */
  chosenMethod: connectionMethod.nullable(),
  /** Sessions that one connection may carry, once learned. */
  sessionLimit: z.number().int().nullable(),
  /** Agents that may work there at once; null for any number. */
  agentLimit: z.number().int().nullable(),
  /** As it told with its last connection; empty before, and as a rule. */
  warnings: z.array(hostWarning),
});
export type Host = z.infer<typeof host>;
