/** The person's own profiles: `[sandbox.profiles.<name>]` of config.toml. */
import { posix } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { NO_SANDBOX, type SandboxLimits, sandboxName } from '@farhand/shared/model/sandbox';
import { z } from 'zod';
import { BUILT_IN } from './built-in.ts';
import type { Profile } from './profile.ts';
import { parseSize } from './sizes.ts';

const SMALLEST_MEMORY = 16 * 1024 * 1024;

const path = z
  .string()
  .max(4096)
  .refine((text) => !/[\0\n]/.test(text), 'is one line')
  .refine((text) => text === '~' || text.startsWith('~/') || text.startsWith('/'), 'begins with “/” or “~/”')
  .refine((text) => !text.split('/').includes('..'), 'has no “..” in it')
  .refine((text) => posix.normalize(text) !== '/', 'is “/”: name what is needed of it');
const paths = z.array(path).max(200);

const ownProfile = z.strictObject({
  extends: sandboxName.optional(),
  description: z.string().max(200).optional(),
  network: z.boolean().optional(),
  workspace: z.enum(['write', 'read', 'hidden']).optional(),
  read: paths.optional(),
  write: paths.optional(),
  hide: paths.optional(),
  environment: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(32_768)).optional(),
  nested: z.boolean().optional(),
  memory: z.union([z.string(), z.number().int()]).optional(),
  processes: z.number().int().min(8).max(1_000_000).optional(),
  cpu: z.number().min(0.01).max(1024).optional(),
  cpu_seconds: z.number().int().min(1).max(100_000_000).optional(),
});
type OwnProfile = z.infer<typeof ownProfile>;

/** All of them, with ours. What cannot be used is in `problems`, by name, and is not among the profiles. */
export function readProfiles(config: Readonly<Record<string, unknown>>): {
  profiles: Profile[];
  problems: Map<string, string>;
} {
  const problems = new Map<string, string>();
  const tables = ownTables(config);
  const done = new Map<string, Profile>(BUILT_IN.map((one) => [one.name, one]));
  const make = (name: string, under: readonly string[]): Profile => {
    const known = done.get(name);
    if (known) return known;
    if (under.includes(name)) throw invalid(name, `extends itself, by ${[...under, name].join(' → ')}`);
    const table = tables.get(name);
    if (table === undefined) throw invalid(under.at(-1) ?? name, `extends “${name}”, which there is not`);
    const own = parseOwn(name, table);
    const made = merge(name, own, make(own.extends ?? 'workspace', [...under, name]));
    done.set(name, made);
    return made;
  };
  for (const name of tables.keys()) {
    try {
      if (BUILT_IN.some((one) => one.name === name))
        throw invalid(name, 'is the name of a profile that is always there');
      make(name, []);
    } catch (thrown) {
      problems.set(name, FarhandError.from(thrown).message);
    }
  }
  return { profiles: [...done.values()], problems };
}

function ownTables(config: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const { sandbox } = config;
  const profiles = isTable(sandbox) ? sandbox.profiles : undefined;
  return new Map(isTable(profiles) ? Object.entries(profiles) : []);
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseOwn(name: string, table: unknown): OwnProfile {
  if (!sandboxName.safeParse(name).success)
    throw invalid(name, 'is no name: small letters, digits, “-” and “_”, a letter first');
  const { data, error } = ownProfile.safeParse(table);
  if (data) return data;
  const [issue] = error.issues;
  const where = issue?.path.join('.') ?? '';
  throw invalid(name, `${where === '' ? '' : `${where}: `}${issue?.message ?? 'cannot be read'}`);
}

function merge(name: string, own: OwnProfile, base: Profile): Profile {
  if (base.name === NO_SANDBOX) throw invalid(name, 'extends “none”, which is no sandbox');
  return {
    name,
    isOwn: true,
    description: own.description ?? `As “${base.name}”, with changes of your own.`,
    network: own.network ?? base.network,
    workspace: own.workspace ?? base.workspace,
    read: [...base.read, ...(own.read ?? [])],
    write: [...base.write, ...(own.write ?? [])],
    hide: [...base.hide, ...(own.hide ?? [])],
    environment: { ...base.environment, ...own.environment },
    variables: Object.keys({ ...base.environment, ...own.environment }),
    nested: own.nested ?? base.nested,
    limits: mergeLimits(name, own, base.limits),
  };
}

function mergeLimits(name: string, own: OwnProfile, base: SandboxLimits): SandboxLimits {
  const memoryBytes = own.memory === undefined ? base.memoryBytes : parseSize(String(own.memory));
  if (own.memory !== undefined && (memoryBytes === null || memoryBytes < SMALLEST_MEMORY))
    throw invalid(name, 'memory: give a size as “4G” or “512M”, at least 16M');
  return {
    memoryBytes,
    processes: own.processes ?? base.processes,
    cpu: own.cpu ?? base.cpu,
    cpuSeconds: own.cpu_seconds ?? base.cpuSeconds,
  };
}

function invalid(name: string, why: string): FarhandError {
  return new FarhandError('sandbox.profile_invalid', {
    message: `config.toml, [sandbox.profiles.${name.slice(0, 60)}]: ${why}.`,
  });
}
