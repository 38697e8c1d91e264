/** The WebSocket at `/ws`: JSON text frames both ways, and binary frames for terminal output (see binary.ts). */
import { z } from 'zod';
import { agentControls } from '../model/agents.ts';
import { approval } from '../model/approvals.ts';
import { comparison } from '../model/comparisons.ts';
import { dryRun } from '../model/dry-run.ts';
import { host } from '../model/hosts.ts';
import { sessionId, terminalId } from '../model/ids.ts';
import { project } from '../model/projects.ts';
import { queuedMessage } from '../model/queue.ts';
import { session } from '../model/sessions.ts';
import { exit, terminal } from '../model/terminals.ts';
import { sessionEvent } from '../model/transcripts.ts';
import { workspace } from '../model/workspaces.ts';

/** Chosen by the client, unique on its socket: answers to a subscription carry it. */
const sub = z.number().int().min(1).max(0xffff_ffff);

export const topic = z.discriminatedUnion('kind', [
  /** All entities, of approvals the open ones: a `snapshot`, then `changed` and `removed`. */
  z.object({ kind: z.literal('state') }),
  /** Every event with a number above `after`, oldest first, then live ones. */
  z.object({ kind: z.literal('session'), sessionId, after: z.number().int().min(0) }),
  /** Output from byte `after` on in binary frames; `after: -1` asks for what is worth replaying (at most 2 MiB). */
  z.object({ kind: z.literal('terminal'), terminalId, after: z.number().int().min(-1) }),
]);
export type Topic = z.infer<typeof topic>;

export const clientFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('subscribe'), sub, topic }),
  z.object({ type: z.literal('unsubscribe'), sub }),
  /** The client has drawn this many bytes of a terminal's output, counted from the subscription's start. */
  z.object({ type: z.literal('ack'), sub, bytes: z.number().int().min(0) }),
  /** Keys for a terminal. `id` counts up per socket; answered by `terminal_input_done`. */
  z.object({
    type: z.literal('terminal_input'),
    id: z.number().int(),
    terminalId,
    text: z.string().max(1024 * 1024),
  }),
  z.object({
    type: z.literal('terminal_resize'),
    terminalId,
    rows: z.number().int().min(1).max(500),
    cols: z.number().int().min(1).max(1000),
  }),
  z.object({ type: z.literal('ping'), at: z.number() }),
]);
export type ClientFrame = z.infer<typeof clientFrame>;

export const entity = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('host'), value: host }),
  z.object({ kind: z.literal('project'), value: project }),
  z.object({ kind: z.literal('workspace'), value: workspace }),
  z.object({ kind: z.literal('session'), value: session }),
  z.object({ kind: z.literal('terminal'), value: terminal }),
  z.object({ kind: z.literal('approval'), value: approval }),
  z.object({ kind: z.literal('controls'), value: agentControls }),
  z.object({ kind: z.literal('queued_message'), value: queuedMessage }),
  z.object({ kind: z.literal('comparison'), value: comparison }),
  z.object({ kind: z.literal('dry_run'), value: dryRun }),
]);
export type Entity = z.infer<typeof entity>;
export const entityKind = z.enum([
  'host',
  'project',
  'workspace',
  'session',
  'terminal',
  'approval',
  'controls',
  'queued_message',
  'comparison',
  'dry_run',
] as const satisfies readonly Entity['kind'][]);
export type EntityKind = Entity['kind'];

export const wireError = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.unknown()),
});
export type WireError = z.infer<typeof wireError>;

export const serverFrame = z.discriminatedUnion('type', [
  /** The first frame. `serverId` is new at each start of the server. */
  z.object({
    type: z.literal('hello'),
    protocol: z.number().int(),
    version: z.string(),
    serverId: z.string(),
  }),
  z.object({ type: z.literal('snapshot'), sub, entities: z.array(entity) }),
  z.object({ type: z.literal('changed'), sub, entity }),
  z.object({
    type: z.literal('removed'),
    sub,
    kind: entityKind,
    id: z.string(),
  }),
  /** `live` is true once all that was stored at the subscription has been sent. */
  z.object({ type: z.literal('events'), sub, events: z.array(sessionEvent), live: z.boolean() }),
  /** Bytes `from` up to `to` of a terminal are gone; output goes on at `to`. */
  z.object({ type: z.literal('terminal_missed'), sub, from: z.number().int(), to: z.number().int() }),
  /** How the watching stands: `attached`, `contact_lost` (it runs on, we do not see it), or `ended`. */
  z.object({
    type: z.literal('terminal_state'),
    sub,
    state: z.enum(['attached', 'contact_lost', 'ended']),
    exit: exit.nullable(),
    /** Bytes of keys that wait for a host that is away; they are sent on its return. */
    queuedBytes: z.number().int().optional(),
  }),
  /** `error` is null when the keys reached the host; for one that is away that is on its return. */
  z.object({ type: z.literal('terminal_input_done'), id: z.number().int(), error: wireError.nullable() }),
  /** About one subscription, or about the socket (`sub` null) just before it closes. */
  z.object({ type: z.literal('error'), sub: sub.nullable(), error: wireError }),
  z.object({ type: z.literal('pong'), at: z.number() }),
]);
export type ServerFrame = z.infer<typeof serverFrame>;
