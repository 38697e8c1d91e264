import type { AgentControls } from '@farhand/shared/model/agents';
import type { Approval } from '@farhand/shared/model/approvals';
import type { Comparison } from '@farhand/shared/model/comparisons';
import type { DryRun } from '@farhand/shared/model/dry-run';
import type { Host } from '@farhand/shared/model/hosts';
import type { Project } from '@farhand/shared/model/projects';
import type { QueuedMessage } from '@farhand/shared/model/queue';
import type { Session } from '@farhand/shared/model/sessions';
import type { Terminal } from '@farhand/shared/model/terminals';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { Entity, EntityKind } from '@farhand/shared/protocol/frames';

type ById<Value> = Readonly<Record<string, Value>>;

/** All entities of the `state` topic by kind and id. */
export interface Entities {
  readonly hosts: ById<Host>;
  readonly projects: ById<Project>;
  readonly workspaces: ById<Workspace>;
  readonly sessions: ById<Session>;
  readonly terminals: ById<Terminal>;
  /** The open ones. */
  readonly approvals: ById<Approval>;
  /** By the id of their session. */
  readonly controls: ById<AgentControls>;
  readonly queuedMessages: ById<QueuedMessage>;
  readonly comparisons: ById<Comparison>;
  /** By the id of their session. */
  readonly dryRuns: ById<DryRun>;
}

export const EMPTY_ENTITIES: Entities = {
  hosts: {},
  projects: {},
  workspaces: {},
  sessions: {},
  terminals: {},
  approvals: {},
  controls: {},
  queuedMessages: {},
  comparisons: {},
  dryRuns: {},
};

const TABLE = {
  host: 'hosts',
  project: 'projects',
  workspace: 'workspaces',
  session: 'sessions',
  terminal: 'terminals',
  approval: 'approvals',
  controls: 'controls',
  queued_message: 'queuedMessages',
  comparison: 'comparisons',
  dry_run: 'dryRuns',
} as const satisfies Record<EntityKind, keyof Entities>;

/** `entities` with this one put in; the same object when it says nothing new. */
export function applyChanged(entities: Entities, entity: Entity): Entities {
  const table = TABLE[entity.kind];
  const known = entities[table][entity.value.id];
  if (known && isSame(known, entity.value)) return entities;
  return { ...entities, [table]: { ...entities[table], [entity.value.id]: entity.value } };
}

/** `entities` without this one; the same object when it was not there. */
export function applyRemoved(entities: Entities, kind: EntityKind, id: string): Entities {
  const table = TABLE[kind];
  if (!(id in entities[table])) return entities;
  const { [id]: _removed, ...rest } = entities[table] as ById<unknown>;
  return { ...entities, [table]: rest };
}

/** Exactly what the snapshot holds, but with the known object for each that has not changed. */
export function applySnapshot(entities: Entities, snapshot: readonly Entity[]): Entities {
  const next: Record<keyof Entities, Record<string, unknown>> = {
    hosts: {},
    projects: {},
    workspaces: {},
    sessions: {},
    terminals: {},
    approvals: {},
    controls: {},
    queuedMessages: {},
    comparisons: {},
    dryRuns: {},
  };
  for (const { kind, value } of snapshot) {
    const known = entities[TABLE[kind]][value.id];
    next[TABLE[kind]][value.id] = known && isSame(known, value) ? known : value;
  }
  // Each value was put into the table of its own kind.
  return next as unknown as Entities;
}

// The server writes the members of an entity in one order, so equal entities have equal texts.
const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
