/** The tables of the embedded store. Times are ISO strings, structured columns JSON text checked on reading. */
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const projects = sqliteTable(
  'projects',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    path: text().notNull(),
    url: text(),
    createdAt: text('created_at').notNull(),
    lastUsedAt: text('last_used_at').notNull(),
  },
  (table) => [uniqueIndex('projects_path').on(table.path)],
);

export const workspaces = sqliteTable(
  'workspaces',
  {
    id: text().primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    name: text().notNull(),
    hostId: text('host_id').notNull(),
    /** Folder for workspaces that the person gave with ssh://host/path. */
    baseDirectory: text('base_directory'),
    directory: text(),
    baseBranch: text('base_branch').notNull(),
    branch: text().notNull(),
    baseCommit: text('base_commit'),
    transfer: text().notNull(),
    state: text().notNull(),
    isWaitingForHost: integer('is_waiting_for_host', { mode: 'boolean' }).notNull().default(false),
    archive: text(),
    diskBytes: integer('disk_bytes'),
    steps: text().notNull(),
    changes: text(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [uniqueIndex('workspaces_name').on(table.projectId, table.name)],
);

export const sessions = sqliteTable(
  'sessions',
  {
    id: text().primaryKey(),
    workspaceId: text('workspace_id')
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    title: text().notNull(),
    agent: text().notNull(),
    model: text(),
    state: text().notNull(),
    lastSeq: integer('last_seq').notNull(),
    usage: text().notNull(),
    createdAt: text('created_at').notNull(),
    updatedAt: text('updated_at').notNull(),
  },
  (table) => [index('sessions_workspace').on(table.workspaceId)],
);

/** One row an item: `first_seq` is its place in the transcript, `last_seq` the number of its newest change. */
export const transcriptItems = sqliteTable(
  'transcript_items',
  {
    sessionId: text('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    itemId: text('item_id').notNull(),
    firstSeq: integer('first_seq').notNull(),
    lastSeq: integer('last_seq').notNull(),
    item: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.sessionId, table.itemId] }),
    index('transcript_items_last').on(table.sessionId, table.lastSeq),
  ],
);

/** What the model was sent and answered, in its own form: one row a message, in order. Never shown to a page. */
export const modelMessages = sqliteTable(
  'model_messages',
  {
    sessionId: text('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    turnId: text('turn_id').notNull(),
    message: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.sessionId, table.position] })],
);

export const terminals = sqliteTable('terminals', {
  id: text().primaryKey(),
  workspaceId: text('workspace_id')
    .notNull()
    .references(() => workspaces.id, { onDelete: 'cascade' }),
  jobId: text('job_id').notNull(),
  title: text().notNull(),
  rows: integer().notNull(),
  cols: integer().notNull(),
  exit: text(),
  createdAt: text('created_at').notNull(),
});

/** Values are sealed (AES-256-GCM) with the row's own place as additional data. */
export const secrets = sqliteTable(
  'secrets',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    sealed: text().notNull(),
    updatedAt: text('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.name] })],
);

export const modelProviders = sqliteTable('model_providers', {
  id: text().primaryKey(),
  kind: text().notNull(),
  baseUrl: text('base_url'),
  sealedKey: text('sealed_key'),
  models: text().notNull(),
});

/** What is kept of a host: the method of connecting that a person chose, and how many sessions one connection carries. */
export const hosts = sqliteTable('hosts', {
  id: text().primaryKey(),
  method: text(),
  sessionLimit: integer('session_limit'),
});

/** What is still to be done on a host, mostly because it is away: see host-tasks. `id` is the kind and what it is about. */
export const hostTasks = sqliteTable('host_tasks', {
  id: text().primaryKey(),
  hostId: text('host_id').notNull(),
  task: text().notNull(),
  createdAt: text('created_at').notNull(),
});

/** Workspaces that this server made and deleted: what is left of them on their hosts may be swept, and nothing else. */
export const deletedWorkspaces = sqliteTable(
  'deleted_workspaces',
  {
    id: text().primaryKey(),
    hostId: text('host_id').notNull(),
    directory: text(),
    deletedAt: text('deleted_at').notNull(),
  },
  (table) => [index('deleted_workspaces_host').on(table.hostId)],
);

/** Single values by name, as the default model. */
export const settings = sqliteTable('settings', { name: text().primaryKey(), value: text().notNull() });

/** Signed-in browsers: the SHA-256 of the cookie's token. */
export const logins = sqliteTable('logins', {
  tokenHash: text('token_hash').primaryKey(),
  createdAt: text('created_at').notNull(),
  lastSeenAt: text('last_seen_at').notNull(),
});
