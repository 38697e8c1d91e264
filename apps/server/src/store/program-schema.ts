/** The tables of what other programs show, run and ask for; the rest is in schema.ts. */
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { workspaces } from './schema.ts';

/** Keys of other programs: SHA-256 of each, never the key itself. Scopes, hosts and projects as JSON. */
export const apiTokens = sqliteTable(
  'api_tokens',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    tokenHash: text('token_hash').notNull(),
    scopes: text().notNull(),
    hosts: text(),
    projects: text(),
    createdAt: text('created_at').notNull(),
    expiresAt: text('expires_at'),
    lastUsedAt: text('last_used_at'),
    lastUsedFrom: text('last_used_from'),
  },
  (table) => [
    uniqueIndex('api_tokens_name').on(table.name),
    uniqueIndex('api_tokens_hash').on(table.tokenHash),
  ],
);

/** Commands that persons and other programs run on hosts: see runs. `run` is the wire model. */
export const runs = sqliteTable(
  'runs',
  {
    id: text().primaryKey(),
    run: text().notNull(),
    /** How it runs: see runs. */
    plan: text().notNull(),
    /** Chosen before it is started; null once nothing of it is left on the host. */
    jobId: text('job_id'),
    isOver: integer('is_over', { mode: 'boolean' }).notNull(),
    /** What it printed, secrets covered; null until it is over. */
    stdout: blob({ mode: 'buffer' }),
    stderr: blob({ mode: 'buffer' }),
    isTruncated: integer('is_truncated', { mode: 'boolean' }).notNull().default(false),
    createdAt: text('created_at').notNull(),
  },
  (table) => [index('runs_over').on(table.isOver), index('runs_job').on(table.jobId)],
);

/**
 * Writes of files that a person was asked about: see workspace-files. `id` is the key of the question. The newest of
 * those that are over are kept, without their content.
 */
export const fileWrites = sqliteTable(
  'file_writes',
  {
    id: text().primaryKey(),
    approvalId: text('approval_id').notNull(),
    workspaceId: text('workspace_id').notNull(),
    hostId: text('host_id').notNull(),
    /** Of who asks, where it goes and what: the same once more is the same question. */
    digest: text().notNull(),
    /** How it is asked and carried out, as JSON. */
    plan: text().notNull(),
    state: text().notNull(),
    error: text(),
    /** What the file becomes; null once it is over. */
    content: blob({ mode: 'buffer' }),
    createdAt: text('created_at').notNull(),
  },
  (table) => [
    index('file_writes_state').on(table.state),
    uniqueIndex('file_writes_approval').on(table.approvalId),
  ],
);

/** The job on a workspace's host that passes on what farhand-op asks, how far it was read, and of which scripts it is. */
export const operationListeners = sqliteTable('operation_listeners', {
  workspaceId: text('workspace_id')
    .primaryKey()
    .references(() => workspaces.id, { onDelete: 'cascade' }),
  hostId: text('host_id').notNull(),
  jobId: text('job_id').notNull(),
  outOffset: integer('out_offset').notNull().default(0),
  scripts: text().notNull().default(''),
});

/**
 * What agents and terminals asked for by farhand-op: see operations. `id` is the request's own, so that none is taken
 * twice; `subject` is by whose folder it came, null in the one that was all sessions'. Kept until its answer was read and
 * it is too old to come again.
 */
export const operationRequests = sqliteTable(
  'operation_requests',
  {
    id: text().notNull(),
    workspaceId: text('workspace_id')
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    subject: text(),
    runId: text('run_id'),
    isDelivered: integer('is_delivered', { mode: 'boolean' }).notNull().default(false),
    createdAt: text('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
);
