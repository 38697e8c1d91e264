import { z } from 'zod';
import { sessionId } from './ids.ts';

/** `builtin`, a name of the catalogue as `codex`, or `custom-…` for a command that a person typed. */
export const agentId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
export type AgentId = z.infer<typeof agentId>;

export const BUILTIN_AGENT: AgentId = 'builtin';

/** `builtin` runs in the server; `acp` speaks the Agent Client Protocol on the host; `terminal` is any CLI in a pty. */
export const agentKind = z.enum(['builtin', 'acp', 'terminal']);
export type AgentKind = z.infer<typeof agentKind>;

/** An agent as one host has it. */
export const hostAgent = z.object({
  id: agentId,
  name: z.string(),
  kind: agentKind,
  /** `unknown` while the host is away. */
  state: z.enum(['ready', 'missing', 'unknown']),
  /** Where the host's login shell finds its program. */
  path: z.string().nullable(),
  version: z.string().nullable(),
  /** What starts it, as a shell takes it; null for the built-in one. */
  command: z.string().nullable(),
  /** Ways to install it that the host can carry out, best first; `command` is shown before it is run. */
  installs: z.array(z.object({ id: z.string(), command: z.string() })),
  /** What a person should know of it: how it signs in, what does not work with it. */
  note: z.string().nullable(),
  /** True for a command that a person typed. */
  isCustom: z.boolean(),
});
export type HostAgent = z.infer<typeof hostAgent>;

/** A conversation that the agent itself remembers on the host, which a new session can take up. */
export const earlierSession = z.object({
  nativeId: z.string(),
  title: z.string().nullable(),
  updatedAt: z.string().nullable(),
});
export type EarlierSession = z.infer<typeof earlierSession>;

const mode = z.object({ id: z.string(), name: z.string(), description: z.string().nullable() });

/** Something of a session that a person chooses from a list, or turns on and off: its model, its effort. */
export const agentOption = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  /** `model`, `effort`, or whatever the agent calls it: where the page may show it. */
  category: z.string().nullable(),
  value: z.union([z.string(), z.boolean()]),
  /** Empty for one that is turned on and off. */
  choices: z.array(
    z.object({
      value: z.string(),
      name: z.string(),
      description: z.string().nullable(),
      group: z.string().nullable(),
    }),
  ),
});
export type AgentOption = z.infer<typeof agentOption>;

/** What a session's agent lets a person set and call. The agent tells it; it can change at any time. */
export const agentControls = z.object({
  id: sessionId,
  modes: z.array(mode),
  /** The id of the mode that holds; null where there are none. */
  mode: z.string().nullable(),
  options: z.array(agentOption),
  /** Slash commands; `hint` says what may follow. */
  commands: z.array(z.object({ name: z.string(), description: z.string(), hint: z.string().nullable() })),
  canAttachImages: z.boolean(),
  canAttachFiles: z.boolean(),
  /** Ways to sign in; shown where `needsLogin`. `terminal` opens one on the host, `agent` is done by the agent alone. */
  logins: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      description: z.string().nullable(),
      kind: z.enum(['agent', 'terminal']),
    }),
  ),
  needsLogin: z.boolean(),
  /** As `codex-acp 0.9.2`; null before it has said so. */
  agentVersion: z.string().nullable(),
});
export type AgentControls = z.infer<typeof agentControls>;

/** A part of a message beside its text. `url` is a data: URL of png, jpeg, gif or webp; `path` is in the workspace. */
export const attachment = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('image'), url: z.string(), name: z.string().nullable() }),
  z.object({ kind: z.literal('file'), path: z.string() }),
]);
export type Attachment = z.infer<typeof attachment>;
