/** What is done with secrets at the start of a job: files are written, and who gets what is on record. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type JobId, newId } from '@farhand/shared/model/ids';
import type { Environment, Jobs, Runtime } from '@farhand/shared/runtime/port';
import type { AuditLog } from '../audit/audit.ts';
import type { JobUse } from '../protection/job-use.ts';
import type { Protect, ProtectedPlace } from '../protection/protect.ts';
import { wrapRuntime } from '../runtimes/wrapped-runtime.ts';
import { PREFIX } from '../sandbox/plan/variables.ts';
import { scopeText } from './scopes.ts';
import { makeSecretFolder, type SecretFolder } from './secret-folder.ts';
import { filePlaceholder, type GivenSecret, type Secrets } from './secrets.ts';

export interface SecretFilesDeps {
  readonly secrets: Pick<Secrets, 'given' | 'inEnvironment' | 'oldValues'>;
  /** Nothing is on record where not given. */
  readonly audit?: Pick<AuditLog, 'record'> | undefined;
}

/** Where jobs start, and what for. */
interface Start {
  readonly runtime: Runtime;
  readonly place: ProtectedPlace;
  readonly use: JobUse;
}

/**
 * The innermost layer: a job whose environment holds secrets starts once they are on record by name, those that are files
 * stand on the host, and their variables hold the paths. Throws `secret.file_not_written`, `audit.unwritable`.
 */
export function createSecretFiles(deps: SecretFilesDeps): Protect {
  return (runtime, place, use) => {
    const start = { runtime, place, use };
    const { oldValues } = deps.secrets;
    const { jobs } = runtime;
    const prepared = async <Spec extends { id: JobId; env?: Environment }>(spec: Spec): Promise<Spec> => {
      const env = await prepare(deps, start, spec);
      return env === spec.env ? spec : { ...spec, ...(env && { env }) };
    };
    const layer: Partial<Jobs> = {
      async start(spec) {
        await jobs.start(await prepared(spec));
      },
      async attach(id, options) {
        const exit = await jobs.attach(
          id,
          options.start ? { ...options, start: await prepared(options.start) } : options,
        );
        if (exit !== 'detached') oldValues.ended(id);
        return exit;
      },
      async stop(id, options) {
        const exit = await jobs.stop(id, options);
        oldValues.ended(id);
        return exit;
      },
      async remove(id) {
        await jobs.remove(id);
        oldValues.gone([id]);
      },
    };
    return wrapRuntime(runtime, {
      jobs: layer,
      async exec(command, options) {
        if (!options?.env) return runtime.exec(command, options);
        const id = newId('job');
        const env = await prepare(deps, start, { id, env: options.env });
        try {
          return await runtime.exec(command, { ...options, ...(env && { env }) });
        } finally {
          oldValues.gone([id]);
        }
      },
    });
  };
}

/** The environment with paths in the place of files; the same object where there is nothing to put in. */
async function prepare(
  { secrets, audit }: SecretFilesDeps,
  { runtime, place, use }: Start,
  { id, env }: { id: JobId; env?: Environment },
): Promise<Environment | undefined> {
  if (!env) return env;
  const named = withOwnNames(env);
  const given = secrets.inEnvironment(named, place, use.kind);
  if (given.length === 0) return env;
  const { workspaceId, hostId } = place;
  const versions = given.map(({ scope, name, setAt }) => ({ scope, name, setAt }));
  const isNew = secrets.oldValues.delivered({
    jobId: id,
    workspaceId,
    hostId,
    kind: use.kind,
    secrets: versions,
  });
  // A job that is joined again has them already.
  if (isNew) for (const one of given) audit?.record(entryOf(one, id, { place, use }));
  const files = given.filter(
    ({ name, form }) => form.kind === 'file' && named[name] === filePlaceholder(name),
  );
  if (files.length === 0) return env;
  const kept = secrets
    .given(place, use.kind)
    .flatMap(({ name, form }) => (form.kind === 'file' ? [name] : []));
  const paths = await writeFiles(runtime, { id: workspaceId, kind: use.kind, kept }, files);
  const replaced = Object.entries(paths).map(([name, path]) => [name in env ? name : PREFIX + name, path]);
  return { ...env, ...Object.fromEntries(replaced) };
}

// A sandbox carries its variables in under other names.
function withOwnNames(env: Environment): Environment {
  const ownName = (name: string) => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name);
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [ownName(name), value]));
}

/** Writes them, 0600, and gives the path of each by its name. */
async function writeFiles(
  runtime: Runtime,
  place: Omit<SecretFolder, 'names'>,
  files: readonly GivenSecret[],
): Promise<Environment> {
  const names = files.map(({ name }) => name);
  const folder = await makeSecretFolder(runtime, { ...place, names });
  const paths: Record<string, string> = {};
  for (const { name, form, bytes } of files) {
    const path = `${folder}/${name}/${form.kind === 'file' ? form.fileName : name}`;
    try {
      await runtime.files.write(path, bytes, { mode: 0o600 });
    } catch (cause) {
      if (FarhandError.is(cause) && cause.code.startsWith('host.')) throw cause;
      throw new FarhandError('secret.file_not_written', {
        message: `The file of the secret ${name} could not be written on ${runtime.hostId}, so nothing was started.`,
        cause,
      });
    }
    paths[name] = path;
  }
  return paths;
}

/** Writes the new value of one for jobs that run; the others stay. */
export async function replaceFile(
  runtime: Runtime,
  place: Pick<SecretFolder, 'id' | 'kind'>,
  secret: GivenSecret,
): Promise<void> {
  await writeFiles(runtime, { ...place, kept: null }, [secret]);
}

function entryOf(
  { name, scope, form }: GivenSecret,
  jobId: JobId,
  { place, use }: Pick<Start, 'place' | 'use'>,
): Parameters<AuditLog['record']>[0] {
  return {
    kind: 'secret',
    actor: use.by,
    hostId: place.hostId,
    workspaceId: place.workspaceId,
    sessionId: use.sessionId,
    summary: `Gave the secret ${name} to a job for ${use.kind}`,
    facts: { secret: name, scope: scopeText(scope), jobKind: use.kind, form: form.kind, jobId },
    output: null,
  };
}
