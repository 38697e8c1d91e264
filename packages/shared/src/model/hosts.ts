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

/** The name of a record: how a person calls the host. An alias of the ssh config with the same name is shadowed. */
export const hostName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
    error: 'a name begins with a letter or digit and holds letters, digits, “.”, “_” and “-”, at most 64',
  })
  .refine((name) => !['local', 'default'].includes(name), { error: 'is a word of ours' });

// ssh reads a leading dash as an option, and what is kept must be of one line.
const plainText = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^-\p{Cc}][^\p{Cc}]*$/u);

/**
 * What a person wrote of a host: in the settings, or as `[hosts.<name>]` in config.toml. `null` leaves it to ssh and its
 * configuration.
 */
export const hostRecord = z.strictObject({
  /** Anything `ssh` takes: an alias, `user@host`, `ssh://user@host:port`. */
  host: hostId,
  port: z.number().int().min(1).max(65_535).nullable().default(null),
  user: plainText(255)
    .regex(/^[^\s'"`$\\;&<>|(){}/]+$/)
    .nullable()
    .default(null),
  /** A private key on the server's machine: absolute, or from `~/`. */
  identityFile: plainText(4096)
    .regex(/^(?:\/|~\/)/)
    .nullable()
    .default(null),
  /** Where workspaces are made there: absolute, or from `~/`. */
  directory: plainText(4096)
    .regex(/^(?:\/|~\/)/)
    .nullable()
    .default(null),
  /** Of every job there. Not for secrets: it is shown. Tokens without `admin` see `[hidden]` in the place of values. */
  environment: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,255}$/),
      z
        .string()
        .max(32_768)
        .regex(/^[^\0]*$/),
    )
    .refine((variables) => Object.keys(variables).length <= 200, { error: 'has more than 200 variables' })
    .default({}),
  labels: z.array(plainText(64)).max(50).default([]),
  isEnabled: z.boolean().default(true),
});
export type HostRecord = z.infer<typeof hostRecord>;

/** A program that was found on a host; null where it does not tell its version. */
export const hostTool = z.object({ name: z.string(), version: z.string().nullable() });
export type HostTool = z.infer<typeof hostTool>;

/** Where a connection leads, as ssh resolved it. */
export const hostAddress = z.object({ hostname: z.string(), port: z.number().int(), user: z.string() });
export type HostAddress = z.infer<typeof hostAddress>;

/** What a host told of itself when it was last asked. All of its texts are the host's own words. */
export const hostLearned = z.object({
  address: hostAddress.nullable(),
  /** As the machine calls itself. */
  hostname: z.string().nullable(),
  /** As `Linux 6.1.0, Debian GNU/Linux 12`. */
  system: z.string().nullable(),
  shell: z.string().nullable(),
  user: z.string().nullable(),
  latencyMs: z.number().nullable(),
  tools: z.array(hostTool),
  agents: z.array(hostTool),
  lastContactAt: z.string().nullable(),
});
export type HostLearned = z.infer<typeof hostLearned>;

export const host = z.object({
  id: hostId,
  label: z.string(),
  source: z.enum(['local', 'record', 'ssh_config', 'typed']),
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
  /** Null where there is none: an alias, a typed destination, or a record that cannot be read. */
  record: hostRecord.nullable(),
  /** Why its record cannot be used, with line and key; null as a rule. */
  recordProblem: z.string().nullable(),
  isDefault: z.boolean(),
  /** Null before the first contact. */
  learned: hostLearned.nullable(),
});
export type Host = z.infer<typeof host>;

/** An alias of the ssh config, and the record that it would become. */
export const importedHost = z.object({
  name: z.string(),
  /** Null where the alias cannot be a record's name. */
  record: hostRecord.nullable(),
  /** What `ssh -G` makes of it, Include and Match read; null where it refuses. */
  address: hostAddress.nullable(),
  /** `new`: can be added; `exists`: a record has this name already; `refused`: see `reason`. */
  state: z.enum(['new', 'exists', 'refused']),
  reason: z.string().nullable(),
});
export type ImportedHost = z.infer<typeof importedHost>;
