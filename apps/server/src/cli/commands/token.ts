import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Project } from '@farhand/shared/model/projects';
import { type ApiToken, type Scope, scope } from '@farhand/shared/model/tokens';
import { type Command, InvalidArgumentError } from 'commander';
import type { Call } from '../client.ts';
import type { Context, ContextOf } from '../context.ts';
import { parseHost } from '../parse-host.ts';
import { table } from '../terminal.ts';

interface CreateOptions {
  readonly scope: readonly Scope[];
  readonly expires?: string;
  readonly host: readonly string[];
  readonly project: readonly string[];
}

const DAY_MS = 86_400_000;

/** `farhand token create|list|revoke`: keys for other programs. */
export function addToken(program: Command, contextOf: ContextOf): void {
  const token = program.command('token').description('make, list and revoke tokens for other programs');
  token
    .command('create <name>')
    .description('make a token and print it, once')
    .requiredOption(
      '--scope <scopes>',
      `what it may do, with commas between: ${scope.options.join(', ')}; admin holds all`,
      parseScopes,
    )
    .option('--expires <when>', 'when it ends: a date, or a number of days as 30d; without it never')
    .option('--host <host>', 'the only host it reaches; may be repeated', collect, [])
    .option('--project <project>', 'the only project it reaches, by name or id; may be repeated', collect, [])
    .action((name: string, options: CreateOptions, command: Command) =>
      create(name, options, contextOf(command)),
    );
  token
    .command('list')
    .description('list tokens; what they are is known to nobody')
    .action((_options: unknown, command: Command) => list(contextOf(command)));
  token
    .command('revoke <name>')
    .description('end a token at once, by name or id')
    .action((name: string, _options: unknown, command: Command) => revoke(name, contextOf(command)));
}

async function create(
  name: string,
  options: CreateOptions,
  { call, output, streams }: Context,
): Promise<void> {
  const { token, value } = await call('token.create', {
    name,
    scopes: [...options.scope],
    expiresAt: options.expires === undefined ? null : expiryOf(options.expires),
    hosts: options.host.length === 0 ? null : options.host.map(parseHost),
    projects: options.project.length === 0 ? null : await findProjects(call, options.project),
  });
  output.result(value, { token, value });
  if (!output.isJson) streams.err.write('farhand: keep it now: it is not shown again.\n');
}

async function list({ call, output }: Context): Promise<void> {
  const { tokens } = await call('token.list', {});
  const rows = tokens.map((token) => [
    token.name,
    token.scopes.join(','),
    reachOf(token),
    token.expiresAt ?? 'never',
    token.lastUsedAt === null ? 'never' : `${token.lastUsedAt} from ${token.lastUsedFrom ?? '?'}`,
  ]);
  const head = ['NAME', 'SCOPES', 'REACHES', 'EXPIRES', 'LAST USED'];
  output.result(rows.length === 0 ? 'No tokens.' : table([head, ...rows]), { tokens });
}

async function revoke(wanted: string, { call, output }: Context): Promise<void> {
  const { tokens } = await call('token.list', {});
  const found = tokens.find(({ id, name }) => id === wanted || name === wanted);
  if (!found)
    throw new FarhandError('token.not_found', {
      message: `No token is called ${wanted}.`,
      hint: 'See `farhand token list`.',
    });
  await call('token.revoke', { tokenId: found.id });
  output.result(`Revoked ${found.name}.`, { tokenId: found.id });
}

function reachOf({ hosts, projects }: ApiToken): string {
  const parts = [hosts && `hosts ${hosts.join(',')}`, projects && `projects ${projects.join(',')}`];
  return parts.filter(Boolean).join('; ') || 'all';
}

async function findProjects(call: Call, wanted: readonly string[]): Promise<Project['id'][]> {
  const { projects } = await call('project.list', {});
  return wanted.map((one) => {
    const found = projects.filter(({ id, name }) => id === one || name === one);
    const [project, second] = found;
    if (project && !second) return project.id;
    throw new FarhandError('project.not_found', {
      message: project ? `Several projects are called ${one}.` : `No project is called ${one}.`,
      ...(project && { hint: `Give the id: ${found.map(({ id }) => id).join(', ')}.` }),
    });
  });
}

function expiryOf(text: string): string {
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  const at = days === undefined ? Date.parse(text) : Date.now() + Number(days) * DAY_MS;
  if (Number.isNaN(at))
    throw new FarhandError('request.invalid', {
      message: `“${text}” is no date and no number of days.`,
      hint: 'Give it as 2027-01-31, or as 30d.',
    });
  return new Date(at).toISOString();
}

function parseScopes(text: string): Scope[] {
  const parsed = text.split(',').map((one) => scope.safeParse(one.trim()));
  if (parsed.some(({ success }) => !success))
    throw new InvalidArgumentError(`Scopes are ${scope.options.join(', ')}.`);
  return parsed.flatMap(({ data }) => (data === undefined ? [] : [data]));
}

const collect = (value: string, before: readonly string[]) => [...before, value];
