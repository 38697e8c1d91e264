import { BUILTIN_AGENT, type HostAgent } from '@farhand/shared/model/agents';
import type { CatalogueEntry } from './catalogue-entry.ts';
import type { CustomAgent } from './custom-agents.ts';
import { customProgram } from './custom-program.ts';
import { type Findings, isBefore } from './findings.ts';

/** The built-in agent, which every host has. */
export const SHOWN_BUILTIN: HostAgent = {
  id: BUILTIN_AGENT,
  name: 'Farhand',
  kind: 'builtin',
  state: 'ready',
  path: null,
  version: null,
  command: null,
  installs: [],
  note: null,
  isCustom: false,
};

/** An agent of the catalogue as these findings show it; null where the host is away. */
export function shownEntry(entry: CatalogueEntry, findings: Findings | null): HostAgent {
  const { id, name, kind, note } = entry;
  const found = findings && foundProgram(entry, findings);
  const version = (entry.version && findings?.versions.get(entry.version[0])) ?? null;
  const words = [found?.program ?? entry.programs[0], ...argumentsOf(entry, version)];
  return {
    id,
    name,
    kind,
    state: findings === null ? 'unknown' : found ? 'ready' : 'missing',
    path: found?.path ?? null,
    version: found ? version : null,
    command: words.join(' '),
    installs: entry.installs
      .filter(({ by }) => findings?.paths.has(by))
      .map(({ id, command }) => ({ id, command })),
    note,
    isCustom: false,
  };
}

/** A person's own command; `ready` where its program is found, and where it cannot be looked for. */
export function shownCustom({ id, name, kind, command }: CustomAgent, findings: Findings | null): HostAgent {
  const program = customProgram(command);
  const path = (program !== null && findings?.paths.get(program)) || null;
  const isThere = program === null || path !== null;
  return {
    id,
    name,
    kind,
    state: findings === null ? 'unknown' : isThere ? 'ready' : 'missing',
    path,
    version: null,
    command,
    installs: [],
    note: null,
    isCustom: true,
  };
}

function foundProgram({ programs, needs }: CatalogueEntry, { paths }: Findings) {
  if (needs.some((program) => !paths.has(program))) return null;
  for (const program of programs) {
    const path = paths.get(program);
    if (path !== undefined) return { program, path };
  }
  return null;
}

function argumentsOf({ arguments: usual, older }: CatalogueEntry, version: string | null) {
  return older && isBefore(version, older.below) ? older.arguments : usual;
}
