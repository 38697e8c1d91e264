import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { parseDotenv } from '@farhand/shared/model/dotenv';
import { hostId as hostIdOf } from '@farhand/shared/model/hosts';
import {
  MAX_SECRET_BYTES,
  SECRET_KINDS,
  type SecretForm,
  type SecretKind,
  type SecretScope,
  type SecretSummary,
  secretKind,
} from '@farhand/shared/model/secrets';
import type { Command } from 'commander';
import type { Context, ContextOf } from '../context.ts';
import { findProject } from '../find-project.ts';
import { table } from '../terminal.ts';

interface ScopeOptions {
  readonly project?: string;
  readonly host?: string;
  readonly global?: boolean;
}

interface SetOptions extends ScopeOptions {
  readonly kinds?: string;
  readonly file?: string;
  readonly fromStdin?: boolean;
  readonly asFile?: string;
}

const MAX_ENV_BYTES = 1024 * 1024;

/** `farhand secret set|list|rm|import|rekey`. */
export function addSecret(program: Command, contextOf: ContextOf): void {
  const secret = program.command('secret').description('give secrets to jobs; values are never shown');
  scoped(secret.command('set <name>'))
    // A value among them is refused with the reason, and not told as a mistake in counting.
    .allowExcessArguments()
    .description(
      'set a secret: its value is asked for, or comes from stdin or a file, never from the arguments',
    )
    .option('--kinds <kinds>', 'who gets it: agent, terminal, init, with commas; all where not given')
    .option('--file <path>', 'a file that jobs get as a file; the variable holds its path')
    .option('--from-stdin', 'the value is what stdin holds')
    .option('--as-file <name>', 'with --from-stdin: jobs get it as a file of this name')
    .action((name: string, options: SetOptions, command: Command) =>
      set(name, command.args.slice(1), options, contextOf(command)),
    );
  scoped(secret.command('list'))
    .description('list secrets by name')
    .action((options: ScopeOptions, command: Command) => list(options, contextOf(command)));
  scoped(secret.command('rm <name>'))
    .description('remove a secret')
    .action((name: string, options: ScopeOptions, command: Command) =>
      remove(name, options, contextOf(command)),
    );
  scoped(secret.command('import <file>'))
    .description('set all variables of a .env file as secrets')
    .option('--kinds <kinds>', 'who gets them: agent, terminal, init, with commas; all where not given')
    .option('--dry-run', 'only tell the names')
    .action((file: string, options: SetOptions & { dryRun?: boolean }, command: Command) =>
      bring(file, options, contextOf(command)),
    );
  secret
    .command('rekey')
    .description('seal everything with a new key')
    .action((_options: unknown, command: Command) => rekey(contextOf(command)));
}

function scoped(command: Command): Command {
  return command
    .option('--project <project>', 'of this project, by name, id or path')
    .option('--host <host>', 'of this host')
    .option('--global', 'of everything');
}

async function set(
  name: string,
  refused: readonly string[],
  options: SetOptions,
  context: Context,
): Promise<void> {
  if (refused.length > 0 || name.includes('=')) throw new FarhandError('secret.in_arguments');
  const scope = await scopeOf(options, context);
  const { bytes, form } = await valueOf(name, options, context);
  await context.call('secret.set', {
    scope,
    name,
    value: bytes.toString('base64'),
    encoding: 'base64',
    kinds: kindsOf(options.kinds),
    form,
  });
  context.output.result(`${name} is set.`, { name, scope });
}

async function valueOf(
  name: string,
  { file, fromStdin = false, asFile }: SetOptions,
  { ask, readInput }: Context,
): Promise<{ bytes: Buffer; form: SecretForm }> {
  if (file !== undefined)
    return {
      bytes: readFile(file, MAX_SECRET_BYTES),
      form: { kind: 'file', fileName: asFile ?? basename(file) },
    };
  if (fromStdin) {
    const bytes = Buffer.from((await readInput?.(MAX_SECRET_BYTES + 2)) ?? []);
    if (asFile !== undefined) return { bytes, form: { kind: 'file', fileName: asFile } };
    // Whoever pipes a value in ends it as a line.
    return { bytes: Buffer.from(bytes.toString('utf8').replace(/\r?\n$/, '')), form: { kind: 'variable' } };
  }
  const typed = await ask(`Value of ${name}: `, true);
  if (!typed)
    throw new FarhandError('request.invalid', {
      message: 'No value was given.',
      hint: 'Type it, or give it by --from-stdin or --file <path>.',
    });
  return { bytes: Buffer.from(typed), form: { kind: 'variable' } };
}

async function list(options: ScopeOptions, context: Context): Promise<void> {
  const isAll = options.project === undefined && options.host === undefined && !options.global;
  const { secrets } = await context.call(
    'secret.list',
    isAll ? {} : { scope: await scopeOf(options, context) },
  );
  const { projects } = await context.call('project.list', {});
  const nameOf = (scope: SecretScope) => {
    if (scope.kind === 'global') return 'everywhere';
    return scope.kind === 'host'
      ? `host ${scope.hostId}`
      : `project ${projects.find(({ id }) => id === scope.projectId)?.name ?? scope.projectId}`;
  };
  const rows = secrets.map((secret) => [
    secret.name,
    nameOf(secret.scope),
    secret.kinds.length === SECRET_KINDS.length ? 'all' : secret.kinds.join(','),
    secret.form.kind === 'file' ? secret.form.fileName : '-',
    secret.setAt.slice(0, 10),
    noteOf(secret, nameOf),
  ]);
  const text = rows.length === 0 ? 'No secrets.' : table([['NAME', 'OF', 'FOR', 'FILE', 'SET', ''], ...rows]);
  context.output.result(text, { secrets });
}

function noteOf({ hiddenBy, oldHolders }: SecretSummary, nameOf: (scope: SecretScope) => string): string {
  const notes = [
    ...(hiddenBy.length > 0 ? [`hidden by the one of ${hiddenBy.map(nameOf).join(', ')}`] : []),
    ...(oldHolders.length > 0 ? [`${oldHolders.length} running jobs have the value of before`] : []),
  ];
  return notes.join('; ');
}

async function remove(name: string, options: ScopeOptions, context: Context): Promise<void> {
  const scope = await scopeOf(options, context);
  await context.call('secret.remove', { scope, name });
  context.output.result(`${name} is removed.`, { name, scope });
}

async function bring(
  file: string,
  options: SetOptions & { dryRun?: boolean },
  context: Context,
): Promise<void> {
  const scope = await scopeOf(options, context);
  const { entries, problems } = parseDotenv(readFile(file, MAX_ENV_BYTES).toString('utf8'));
  for (const { line, reason } of problems)
    context.streams.err.write(`farhand: line ${line} is left out: ${reason}\n`);
  const secrets = [...entries];
  if (options.dryRun) {
    const known = new Set((await context.call('secret.list', { scope })).secrets.map(({ name }) => name));
    const rows = secrets.map(({ name }) => [name, known.has(name) ? 'changed' : 'new']);
    const names = secrets.map(({ name }) => ({ name, isNew: !known.has(name) }));
    context.output.result(rows.length === 0 ? 'Nothing to import.' : table(rows), { names, problems });
    return;
  }
  const { added, replaced } = await context.call('secret.import', {
    scope,
    secrets,
    kinds: kindsOf(options.kinds),
  });
  context.output.result(`${added.length} secrets are new, ${replaced.length} changed.`, {
    added,
    replaced,
    problems,
  });
}

async function rekey({ call, ask, output }: Context): Promise<void> {
  const { source } = await call('secret.key', {});
  const variable = source === 'environment' ? 'FARHAND_KEY' : 'FARHAND_KEY_COMMAND';
  const key = source === 'file' ? null : await ask(`New key, as ${variable} will give it: `, true);
  const done = await call('secret.rekey', key === null ? {} : { key });
  const next = source === 'file' ? '' : ` From the next start on, ${variable} has to give the new key.`;
  output.result(`${done.resealed} values are sealed with the new key.${next}`, done);
}

async function scopeOf({ project, host, global }: ScopeOptions, { call }: Context): Promise<SecretScope> {
  const given = [project, host, global].filter((option) => option !== undefined);
  if (given.length !== 1)
    throw new FarhandError('request.invalid', {
      message: 'Whose secret it is has to be said.',
      hint: 'Give one of --project <project>, --host <host> and --global.',
    });
  if (project !== undefined) return { kind: 'project', projectId: (await findProject(call, project)).id };
  if (host === undefined) return { kind: 'global' };
  const parsed = hostIdOf.safeParse(host);
  if (!parsed.success) throw new FarhandError('host.invalid_name');
  return { kind: 'host', hostId: parsed.data };
}

function kindsOf(text: string | undefined): SecretKind[] {
  if (text === undefined) return [...SECRET_KINDS];
  return text.split(',').map((word) => {
    const parsed = secretKind.safeParse(word.trim());
    if (parsed.success) return parsed.data;
    throw new FarhandError('request.invalid', { message: `There is no kind of job called ${word.trim()}.` });
  });
}

function readFile(path: string, maxBytes: number): Buffer {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) throw new FarhandError('request.invalid', { message: `There is no file ${path}.` });
  if (found.size > maxBytes) throw new FarhandError('secret.too_large');
  return readFileSync(path);
}
