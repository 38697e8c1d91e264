import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Project } from '@farhand/shared/model/projects';
import type { TransferMode, Workspace } from '@farhand/shared/model/workspaces';
import { type Command, Option } from 'commander';
import { limitText, parseSize } from '../../sandbox/profiles/sizes.ts';
import { asThrown } from '../as-thrown.ts';
import { tellWhileAsking } from '../asking.ts';
import type { Call } from '../client.ts';
import type { Context, ContextOf } from '../context.ts';
import { findWorkspace, listWorkspaces } from '../find-workspace.ts';
import { withProgress } from '../progress.ts';
import { printable, table } from '../terminal.ts';

interface CreateOptions {
  readonly project: string;
  readonly host?: string;
  readonly branch?: string;
  readonly transfer: TransferMode;
  readonly wait: boolean;
}

interface DeleteOptions {
  readonly force?: boolean;
  readonly forget?: boolean;
}

/** How often the CLI looks at a workspace that is being made. */
const POLL_MS = 200;

/** `farhand workspace create|list|fetch|archive|restore|delete|quota`. */
export function addWorkspace(program: Command, contextOf: ContextOf): void {
  const workspace = program.command('workspace').description('make, list, archive and delete workspaces');
  workspace
    .command('create <name>')
    .description('make a workspace and wait until it is ready')
    .option('--project <source>', 'path of a git repository on this machine, or a URL to clone', '.')
    .option(
      '--host <host>',
      'local, a host of yours, or what ssh takes: user@host, ssh://user@host:port/path; without it the default host',
    )
    .option('--branch <branch>', 'branch to begin from; without it the current one of the project')
    .addOption(
      new Option('--transfer <mode>', 'what is sent')
        .choices(['history', 'history_and_changes', 'tree_only'])
        .default('history'),
    )
    .option('--no-wait', 'do not wait until it is ready')
    .action((name: string, options: CreateOptions, command: Command) =>
      create(name, options, contextOf(command)),
    );
  workspace
    .command('list')
    .description('list all workspaces')
    .action((_options: unknown, command: Command) => list(contextOf(command)));
  workspace
    .command('quota [size]')
    .description('show or set what each workspace may take on its host’s disk')
    .addHelpText(
      'after',
      '\nThe size is as 30GiB or 500M; `default` is 20GiB. Above it no new job starts there.',
    )
    .action((size: string | undefined, _options: unknown, command: Command) =>
      quota(size, contextOf(command)),
    );
  workspace
    .command('fetch <workspace>')
    .description('bring the commits of a workspace into the project’s repository, as refs/farhand/<name>')
    .action((wanted: string, _options: unknown, command: Command) => fetch(wanted, contextOf(command)));
  workspace
    .command('archive <workspace>')
    .description('keep its commits and uncommitted work here, and free the host')
    .action((wanted: string, _options: unknown, command: Command) => archive(wanted, contextOf(command)));
  workspace
    .command('restore <workspace>')
    .description('make an archived workspace again on its host, and wait until it is ready')
    .option('--no-wait', 'do not wait until it is ready')
    .action((wanted: string, options: Pick<CreateOptions, 'wait'>, command: Command) =>
      restore(wanted, options, contextOf(command)),
    );
  workspace
    .command('delete <workspace>')
    .description('delete a workspace: its files and jobs on its host')
    .option('--force', 'delete also what only the host has')
    .option(
      '--forget',
      'where the host is away, forget the workspace at once; the host is cleared on its return',
    )
    .action((wanted: string, options: DeleteOptions, command: Command) =>
      remove(wanted, options, contextOf(command)),
    );
}

async function create(name: string, options: CreateOptions, context: Context): Promise<void> {
  const { call, output } = context;
  const project = await projectOf(call, options.project);
  const branch = options.branch ?? (await currentBranch(call, project.id));
  const { host, transfer } = options;
  const { workspace } = await call('workspace.create', {
    projectId: project.id,
    name,
    host,
    branch,
    transfer,
  });
  const made = options.wait
    ? await tellWhileAsking(context, workspace.hostId, untilMade(context, workspace))
    : workspace;
  output.result(`${made.name}  ${made.state}  ${made.directory ?? ''}`.trimEnd(), { workspace: made });
}

async function projectOf(call: Call, wanted: string): Promise<Project> {
  // The server has another working folder.
  const path = resolve(wanted);
  const isPath = existsSync(path);
  const { projects } = await call('project.list', {});
  // One that is there already, who may not add any can use too.
  const found = projects.filter((one) => (isPath ? one.path === path : [one.id, one.name].includes(wanted)));
  const [only] = found;
  if (only && found.length === 1) return only;
  return (await call('project.add', { source: isPath ? path : wanted })).project;
}

async function currentBranch(call: Call, projectId: Workspace['projectId']): Promise<string> {
  const { branches, current } = await call('project.branches', { projectId });
  const branch = current ?? branches[0];
  if (branch === undefined) throw new FarhandError('project.branch_not_found');
  return branch;
}

async function untilMade(context: Context, created: Workspace): Promise<Workspace> {
  let workspace: Workspace | undefined = created;
  await withProgress(context, async (progress) => {
    while (workspace?.state === 'creating') {
      progress.say(`${created.name} on ${created.hostId}: ${stepOf(workspace)}`);
      await delay(POLL_MS);
      const { workspaces } = await context.call('workspace.list', {});
      workspace = workspaces.find(({ id }) => id === created.id);
    }
  });
  if (!workspace)
    throw new FarhandError('workspace.not_found', { message: `The workspace ${created.name} was deleted.` });
  if (workspace.state === 'failed') throw failureOf(workspace);
  return workspace;
}

function stepOf({ steps }: Workspace): string {
  const step = steps.find(({ state }) => state === 'running');
  return step ? [step.name, step.detail].filter(Boolean).join(': ') : 'waits';
}

function failureOf(workspace: Workspace): FarhandError {
  const step = workspace.steps.find(({ state }) => state === 'failed');
  const error = step?.error;
  const message =
    `The workspace ${workspace.name} could not be made: ${step?.name ?? 'it'} failed. ${error?.message ?? ''}`.trimEnd();
  return asThrown({
    code: error?.code ?? 'internal.unexpected',
    message,
    hint: error?.hint ?? null,
    details: { workspaceId: workspace.id },
  });
}

async function list({ call, output }: Context): Promise<void> {
  const all = await listWorkspaces(call);
  const rows = all.map(({ workspace, project }) => [
    workspace.id,
    `${project?.name ?? '?'}/${workspace.name}`,
    workspace.hostId,
    workspace.branch,
    workspace.state,
  ]);
  const text =
    all.length === 0 ? 'No workspaces.' : table([['ID', 'NAME', 'HOST', 'BRANCH', 'STATE'], ...rows]);
  output.result(text, { workspaces: all.map(({ workspace }) => workspace) });
}

async function fetch(wanted: string, { call, output }: Context): Promise<void> {
  const { id, name } = await findWorkspace(call, wanted);
  const fetched = await call('workspace.fetch', { workspaceId: id });
  const { ref, commit, commits } = fetched;
  const count = commits === 1 ? '1 commit' : `${commits} commits`;
  output.result(`Fetched ${count} of ${name} as ${ref} (${commit.slice(0, 10)}).`, fetched);
}

async function archive(wanted: string, { call, output }: Context): Promise<void> {
  const { id, name } = await findWorkspace(call, wanted);
  const { workspace } = await call('workspace.archive', { workspaceId: id });
  const text =
    workspace.state === 'archived'
      ? `Archived ${name}.`
      : `${workspace.hostId} is away: ${name} is archived when it is back.`;
  output.result(text, { workspace });
}

async function restore(
  wanted: string,
  options: Pick<CreateOptions, 'wait'>,
  context: Context,
): Promise<void> {
  const { call, output } = context;
  const { id } = await findWorkspace(call, wanted);
  const { workspace } = await call('workspace.restore', { workspaceId: id });
  const made = options.wait ? await untilMade(context, workspace) : workspace;
  output.result(`${made.name}  ${made.state}  ${made.directory ?? ''}`.trimEnd(), { workspace: made });
}

async function remove(
  wanted: string,
  { force = false, forget = false }: DeleteOptions,
  { call, output }: Context,
): Promise<void> {
  const { id, name } = await findWorkspace(call, wanted);
  try {
    await call('workspace.delete', { workspaceId: id, force, forget });
  } catch (thrown) {
    throw FarhandError.is(thrown, 'workspace.would_lose_work') ? await withLosses(call, id, thrown) : thrown;
  }
  const { workspaces } = await call('workspace.list', {});
  const left = workspaces.find((one) => one.id === id);
  const text = left ? `${left.hostId} is away: ${name} is deleted when it is back.` : `Deleted ${name}.`;
  output.result(text, { workspaceId: id, isWaitingForHost: left !== undefined });
}

async function withLosses(
  call: Call,
  workspaceId: Workspace['id'],
  refused: FarhandError,
): Promise<FarhandError> {
  const { uncommitted, unpushed } = await call('workspace.losses', { workspaceId });
  const lines = [
    ...uncommitted.map((path) => `  not committed: ${printable(path)}`),
    ...unpushed.map(({ commit, subject }) => `  only there: ${commit.slice(0, 10)} ${printable(subject)}`),
  ];
  return new FarhandError('workspace.would_lose_work', {
    message: [refused.message, ...lines].join('\n'),
    hint: 'Commit and bring it back first, or add --force.',
    details: { uncommitted, unpushed },
  });
}

/** As the server has it: less holds no repository. A number without a unit is of bytes. */
const LEAST_QUOTA_BYTES = 10 * 1024 ** 2;

async function quota(size: string | undefined, { call, output }: Context): Promise<void> {
  const wanted = size === undefined || size === 'default' ? null : parseSize(size);
  if (wanted === null && size !== undefined && size !== 'default')
    throw new FarhandError('request.invalid', {
      message: `${printable(size)} is no size.`,
      hint: 'Give a size as 30GiB or 500M, or `default`.',
    });
  if (wanted !== null && wanted < LEAST_QUOTA_BYTES)
    throw new FarhandError('request.invalid', {
      message: `${printable(size ?? '')} is too little for a workspace.`,
      hint: 'Give at least 10M, as `30GiB` or `500M`.',
    });
  const { quotaBytes } =
    size === undefined
      ? await call('workspace.quota', {})
      : await call('workspace.set_quota', { quotaBytes: wanted });
  output.result(`Each workspace may take ${limitText(quotaBytes)} on its host.`, { quotaBytes });
}
