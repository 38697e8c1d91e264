/** The tables of the embedded store. Times are ISO strings, structured columns JSON text checked on reading. */
import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

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
    approvalPolicy: text('approval_policy').notNull().default('never'),
    sandbox: text().notNull().default('none'),
    fork: text(),
    move: text(),
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
    parent: text(),
    costUsd: real('cost_usd'),
    /** The agent's own count, where it keeps one: less than before where it was started anew. */
    agentCostUsd: real('agent_cost_usd'),
    context: text(),
    /** Null: that of the workspace. */
    sandbox: text(),
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
  agent: text(),
  createdAt: text('created_at').notNull(),
});

/** Values are sealed (AES-256-GCM) with the row's own place as additional data. `owner`: the project or host; else empty. */
export const secrets = sqliteTable(
  'secrets',
  {
    scope: text().notNull(),
    owner: text().notNull(),
    name: text().notNull(),
    /** For a project's: it goes with its project. */
    projectId: text('project_id').references(() => projects.id, { onDelete: 'cascade' }),
    kinds: text().notNull(),
    /** Null for a variable. */
    fileName: text('file_name'),
    sealed: text().notNull(),
    updatedAt: text('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.owner, table.name] })],
);

/** Values that were replaced or removed, sealed, for as long as a job may have them. */
export const formerSecrets = sqliteTable('former_secrets', {
  id: text().primaryKey(),
  scope: text().notNull(),
  owner: text().notNull(),
  name: text().notNull(),
  projectId: text('project_id').references(() => projects.id, { onDelete: 'cascade' }),
  fileName: text('file_name'),
  sealed: text().notNull(),
  setAt: text('set_at').notNull(),
  replacedAt: text('replaced_at').notNull(),
});

/** Jobs that were given secrets, until they are gone from their host. `secrets`: scope, owner and name of each. */
export const secretJobs = sqliteTable(
  'secret_jobs',
  {
    jobId: text('job_id').primaryKey(),
    hostId: text('host_id').notNull(),
    workspaceId: text('workspace_id').notNull(),
    kind: text().notNull(),
    secrets: text().notNull(),
    startedAt: text('started_at').notNull(),
    isEnded: integer('is_ended', { mode: 'boolean' }).notNull().default(false),
  },
  (table) => [index('secret_jobs_host').on(table.hostId)],
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
  agentLimit: integer('agent_limit'),
  /** True while config.toml has a record of it, as far as was seen. */
  isRecorded: integer('is_recorded', { mode: 'boolean' }).notNull().default(false),
  /** When its record went: it is refused from then on. */
  deletedAt: text('deleted_at'),
  /** What it told of itself, as `hostLearned`. */
  learned: text(),
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

/**
 * Questions that block agents, commands and operations, and their answers: see approvals. `key` names the question within
 * its session; where there is none, among all.
 */
export const approvals = sqliteTable(
  'approvals',
  {
    id: text().primaryKey(),
    /** Null where no session asks. */
    sessionId: text('session_id').references(() => sessions.id, { onDelete: 'cascade' }),
    key: text().notNull(),
    approval: text().notNull(),
    isOpen: integer('is_open', { mode: 'boolean' }).notNull(),
    askedAt: text('asked_at').notNull(),
  },
  (table) => [
    index('approvals_session').on(table.sessionId, table.key),
    index('approvals_open').on(table.isOpen, table.askedAt),
    // A key is asked about once at a time.
    uniqueIndex('approvals_open_key').on(table.sessionId, table.key).where(sql`is_open = 1`),
    uniqueIndex('approvals_open_alone').on(table.key).where(sql`is_open = 1 and session_id is null`),
  ],
);

/** Patterns that a person allowed: for always in a workspace, or for one session. */
export const approvalRules = sqliteTable(
  'approval_rules',
  {
    id: text().primaryKey(),
    workspaceId: text('workspace_id')
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    /** Null for one that holds always. */
    sessionId: text('session_id').references(() => sessions.id, { onDelete: 'cascade' }),
    pattern: text().notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [index('approval_rules_workspace').on(table.workspaceId)],
);

/** What an agent told of what can be set in a session, and what a person chose. */
export const sessionControls = sqliteTable('session_controls', {
  sessionId: text('session_id')
    .primaryKey()
    .references(() => sessions.id, { onDelete: 'cascade' }),
  controls: text().notNull(),
});

/** How an ACP agent's session stands: its job on the host, its own id, and how far both directions were read and written. */
export const acpSessions = sqliteTable('acp_sessions', {
  sessionId: text('session_id')
    .primaryKey()
    .references(() => sessions.id, { onDelete: 'cascade' }),
  nativeId: text('native_id'),
  state: text().notNull(),
  /** How far its output was read and taken into the transcript, in bytes; apart, for it changes many times a second. */
  outOffset: integer('out_offset').notNull().default(0),
});

/** Commands of a person's own that start an agent. */
export const customAgents = sqliteTable('custom_agents', {
  id: text().primaryKey(),
  name: text().notNull(),
  kind: text().notNull(),
  command: text().notNull(),
});

export const queuedMessages = sqliteTable(
  'queued_messages',
  {
    id: text().primaryKey(),
    sessionId: text('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    message: text().notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [index('queued_messages_session').on(table.sessionId, table.createdAt)],
);

export const comparisons = sqliteTable('comparisons', {
  id: text().primaryKey(),
  workspaceId: text('workspace_id').notNull(),
  comparison: text().notNull(),
  createdAt: text('created_at').notNull(),
});

/** What was spent on one day (as `2026-11-21`, in the server's time zone). */
export const spending = sqliteTable('spending', {
  day: text().primaryKey(),
  tokens: integer().notNull(),
  usd: real().notNull(),
});

export const mcpServers = sqliteTable(
  'mcp_servers',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    server: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.name] })],
);

/** Browsers that want to be told while no page is open: what the Push API gave them. */
export const pushSubscriptions = sqliteTable('push_subscriptions', {
  endpoint: text().primaryKey(),
  keys: text().notNull(),
  createdAt: text('created_at').notNull(),
});

/** What can be found by a search: one row a text, which stands in the FTS5 table `search_text` under the same rowid. */
export const searchRows = sqliteTable(
  'search_rows',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    sessionId: text('session_id').references(() => sessions.id, { onDelete: 'cascade' }),
    itemId: text('item_id'),
    terminalId: text('terminal_id').references(() => terminals.id, { onDelete: 'cascade' }),
    /** Of a terminal's text: where it ends in the output. */
    endOffset: integer('end_offset'),
    at: text().notNull(),
  },
  (table) => [
    uniqueIndex('search_rows_item').on(table.sessionId, table.itemId),
    uniqueIndex('search_rows_terminal').on(table.terminalId, table.endOffset),
  ],
);

/** The newest number of each session whose changes can be found. */
export const searchProgress = sqliteTable('search_progress', {
  sessionId: text('session_id')
    .primaryKey()
    .references(() => sessions.id, { onDelete: 'cascade' }),
  seq: integer().notNull(),
});

/** How far a person raised the budgets for one session and its sub-agents. */
export const sessionAllowances = sqliteTable('session_allowances', {
  sessionId: text('session_id')
    .primaryKey()
    .references(() => sessions.id, { onDelete: 'cascade' }),
  allowance: text().notNull(),
});

/** Commands that the built-in agent left running, until their end is told to the model. */
export const backgroundJobs = sqliteTable(
  'background_jobs',
  {
    jobId: text('job_id').primaryKey(),
    sessionId: text('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    itemId: text('item_id').notNull(),
    title: text().notNull(),
    /** Null while it runs. */
    exit: text(),
  },
  (table) => [index('background_jobs_session').on(table.sessionId)],
);

/** Moments of a workspace that a session can go back to; the files are git objects in the workspace itself. */
export const checkpoints = sqliteTable(
  'checkpoints',
  {
    /** The turn's id, or one of its own for what was before a rewind. */
    id: text().primaryKey(),
    sessionId: text('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    kind: text().notNull(),
    at: text().notNull(),
    /** What the host said of that moment, as JSON; null where the files were not kept. */
    moment: text(),
    reason: text(),
    /** The same of the turn's end; null where that was not looked at. */
    ended: text(),
    /** Of a rewind under way: what is to be done, as JSON; null when it is done. */
    intent: text(),
    /** Of a rewind: the agent's memory that it cut off, as JSON. */
    memory: text(),
  },
  (table) => [index('checkpoints_session').on(table.sessionId, table.at)],
);

/** Sessions in a dry run. */
export const dryRuns = sqliteTable('dry_runs', {
  sessionId: text('session_id')
    .primaryKey()
    .references(() => sessions.id, { onDelete: 'cascade' }),
  isOn: integer('is_on', { mode: 'boolean' }).notNull(),
});

/** What agents wanted to do in a dry run. */
export const proposals = sqliteTable(
  'proposals',
  {
    id: text().primaryKey(),
    sessionId: text('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    turnId: text('turn_id').notNull(),
    number: integer().notNull(),
    /** The same call, proposed again after a restart, is the same proposal. */
    callKey: text('call_key').notNull(),
    state: text().notNull(),
    reason: text(),
    /** What is to be done, as JSON. */
    action: text().notNull(),
    /** Of a command that is being run, and of the item that shows it. */
    jobId: text('job_id'),
    itemId: text('item_id'),
    /** False where what became of it is still to be told to the agent. */
    isTold: integer('is_told', { mode: 'boolean' }).notNull().default(true),
    at: text().notNull(),
  },
  (table) => [uniqueIndex('proposals_call').on(table.sessionId, table.callKey)],
);
