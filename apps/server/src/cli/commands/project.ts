import { readFileSync } from 'node:fs';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type ProjectSettings, projectSettings } from '@farhand/shared/model/project-settings';
import type { Command } from 'commander';
import { parse, stringify } from 'smol-toml';
import type { Context, ContextOf } from '../context.ts';
import { findProject } from '../find-project.ts';
import { printable } from '../terminal.ts';

const MAX_DOCUMENT_BYTES = 1024 * 1024;

/** `farhand project export|import`. */
export function addProject(program: Command, contextOf: ContextOf): void {
  const project = program.command('project').description('take what is set for a project elsewhere');
  project
    .command('export <project>')
    .description('print what is set for a project, without the values of secrets')
    .option('--toml', 'as TOML in place of JSON')
    .action((wanted: string, options: { toml?: boolean }, command: Command) =>
      exportSettings(wanted, options.toml ?? false, contextOf(command)),
    );
  project
    .command('import <project> [file]')
    .description('set what such a document says; without a file it is read from stdin')
    .option('--with-policy', 'its approval policy becomes the default of all new workspaces')
    .action((wanted: string, file: string | undefined, options: { withPolicy?: boolean }, command: Command) =>
      importSettings(wanted, { file, withPolicy: options.withPolicy ?? false }, contextOf(command)),
    );
}

async function exportSettings(wanted: string, isToml: boolean, { call, output }: Context): Promise<void> {
  const { id: projectId } = await findProject(call, wanted);
  const { settings } = await call('project.export', { projectId });
  const text = isToml ? stringify(tomlOf(settings)).trimEnd() : JSON.stringify(settings, null, 2);
  output.result(text, settings);
}

async function importSettings(
  wanted: string,
  { file, withPolicy }: { file: string | undefined; withPolicy: boolean },
  { call, output, readInput }: Context,
): Promise<void> {
  const { id: projectId, name } = await findProject(call, wanted);
  const bytes = file === undefined ? await readInput?.(MAX_DOCUMENT_BYTES) : readDocument(file);
  const settings = documentOf(Buffer.from(bytes ?? []).toString('utf8'));
  const done = await call('project.import', { projectId, settings, withPolicy });
  const lines = [`${done.mcpServers.length} MCP servers were set for ${name}.`];
  if (done.missingSecrets.length > 0)
    lines.push(
      'Secrets that are still to be given:',
      ...done.missingSecrets.map((secret) => `  farhand secret set ${secret} --project ${printable(name)}`),
    );
  output.result(lines.join('\n'), done);
}

function readDocument(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new FarhandError('request.invalid', { message: `${file} cannot be read.`, cause });
  }
}

function documentOf(text: string): ProjectSettings {
  let raw: unknown;
  try {
    raw = text.trimStart().startsWith('{') ? JSON.parse(text) : fromToml(parse(text));
  } catch (cause) {
    throw new FarhandError('request.invalid', {
      message: 'The document is neither JSON nor TOML that can be read.',
      cause,
    });
  }
  const parsed = projectSettings.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new FarhandError('request.invalid', {
    message: `The document is no settings of a project: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  });
}

// TOML has no null: a server without a secret has none there.
function tomlOf(settings: ProjectSettings) {
  const mcpServers = settings.mcpServers.map((server) => {
    const entries = Object.entries(server.transport).filter(([, value]) => value !== null);
    return { ...server, transport: Object.fromEntries(entries) };
  });
  return { ...settings, mcpServers };
}

function fromToml(document: Record<string, unknown>): unknown {
  const servers = Array.isArray(document.mcpServers) ? document.mcpServers : [];
  const mcpServers = servers.map((server: { transport?: { kind?: unknown } }) =>
    server.transport?.kind === 'http'
      ? { ...server, transport: { secret: null, ...server.transport } }
      : server,
  );
  return { mcpServers: [], secrets: [], ...document, ...(servers.length > 0 && { mcpServers }) };
}
