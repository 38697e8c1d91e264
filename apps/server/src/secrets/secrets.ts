import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Actor } from '@farhand/shared/model/audit';
import type { ProjectId } from '@farhand/shared/model/ids';
import {
  MAX_SECRET_BYTES,
  SECRET_KINDS,
  type SecretForm,
  type SecretKind,
  type SecretScope,
  type SecretSummary,
} from '@farhand/shared/model/secrets';
import type { Environment } from '@farhand/shared/runtime/port';
import type { AuditLog } from '../audit/audit.ts';
import type { JobKind } from '../protection/job-use.ts';
import type { Database } from '../store/database.ts';
import type { CoveredValue } from './covered-words.ts';
import { createFormerSecrets, type FormerSecret } from './former-secrets.ts';
import { createOldValues, type OldValues } from './old-values.ts';
import { createRedactorOf, type Redactor } from './redactor.ts';
import { byPrecedence, isCounting, ownerOf, type SecretPlace, scopeText, sealedPlace } from './scopes.ts';
import { createSecretJobs, type SecretVersion } from './secret-jobs.ts';
import { createSecretsStore, type SecretRow } from './secrets-store.ts';
import type { Vault } from './vault.ts';

/** How a secret is given, and who says so; all kinds, a variable, and Farhand itself where not said. */
interface HowSet {
  readonly kinds?: readonly SecretKind[];
  readonly form?: SecretForm;
  readonly by?: Actor;
}

/** A secret that counts in a place, opened. */
export interface GivenSecret extends SecretVersion {
  readonly form: SecretForm;
  readonly bytes: Buffer;
}

/** Secrets: sealed at rest, handed out only as a job's environment and files, or to take them out of output. */
export interface Secrets {
  /** Those of one scope, or all; by scope and name, without the values. */
  list(scope?: SecretScope): SecretSummary[];
  /** Makes or replaces one. `project.not_found`, `secret.too_large`, `secret.not_text`. */
  set(scope: SecretScope, name: string, value: string | Uint8Array, how?: HowSet): void;
  /** Who gets it from the next job on. Throws `secret.not_found`. */
  setKinds(scope: SecretScope, name: string, kinds: readonly SecretKind[], by?: Actor): void;
  /** Throws `secret.not_found`. */
  remove(scope: SecretScope, name: string, by?: Actor): void;
  /** Variables, all or none. Throws as `set`. */
  addAll(
    scope: SecretScope,
    given: readonly { name: string; value: string }[],
    how?: HowSet,
  ): { added: string[]; replaced: string[] };
  /**
   * For a job of this kind. What is a file has a placeholder for its path, which the layer of secret files puts in: it
   * knows the host.
   */
  environment(place: SecretPlace, kind: JobKind): Environment;
  /** Each with its value, as `environment` names them. */
  given(place: SecretPlace, kind: JobKind): GivenSecret[];
  /** Those that an environment for a job of this kind holds as they were given, now or before. */
  inEnvironment(env: Environment, place: SecretPlace, kind: JobKind): GivenSecret[];
  /**
   * For all values as they are now that a job of the project could have, on whatever host and of whatever kind, and for
   * those of before as long as a job may have them.
   */
  redactor(projectId: ProjectId): Redactor;
  /** What `redactor` covers. */
  covered(projectId: ProjectId): CoveredValue[];
  /** Called after a value was set or removed. */
  onChanged(listener: (scope: SecretScope, name: string) => void): void;
  /** As it is stored; null where there is none. */
  find(scope: SecretScope, name: string): GivenSecret | null;
  readonly oldValues: OldValues;
}

export interface SecretsDeps {
  readonly db: Database;
  readonly vault: Vault;
  /** Nothing is on record where not given. */
  readonly audit?: Pick<AuditLog, 'record'> | undefined;
}

const BY_SERVER: Actor = { kind: 'server', name: null };

/** What stands in the environment for the path of a secret that is a file. */
export const filePlaceholder = (name: string) => `farhand-secret-file:${name}`;

export function createSecrets({ db, vault, audit }: SecretsDeps): Secrets {
  const store = createSecretsStore(db);
  const formers = createFormerSecrets(db);
  // A redactor is a compiled automaton, and one is asked for at every command.
  const redactors = new Map<ProjectId, Redactor>();
  const listeners: ((scope: SecretScope, name: string) => void)[] = [];
  const changed = () => redactors.clear();
  const tell = (scope: SecretScope, names: readonly string[]) => {
    changed();
    oldValues.prune();
    for (const name of names) for (const listener of listeners) listener(scope, name);
  };
  const jobs = createSecretJobs(db);
  const oldValues = createOldValues({ formers, jobs, onForgotten: changed });
  const open = ({ scope, name, form, sealed }: Pick<SecretRow, 'scope' | 'name' | 'form' | 'sealed'>) =>
    Buffer.from(vault.open(sealed, sealedPlace(scope, name)), form.kind === 'file' ? 'base64' : 'utf8');
  const record = (summary: string, by: Actor, facts: Record<string, string | string[]>) =>
    audit?.record({
      kind: 'setting',
      actor: by,
      hostId: null,
      workspaceId: null,
      sessionId: null,
      summary,
      facts,
      output: null,
    });
  const find = (scope: SecretScope, name: string): SecretRow => {
    const found = store.find(scope, name);
    if (!found) throw new FarhandError('secret.not_found', { details: { scope: scopeText(scope), name } });
    return found;
  };

  function put(scope: SecretScope, name: string, value: string | Uint8Array, how: HowSet): void {
    const { kinds = SECRET_KINDS, form = { kind: 'variable' } } = how;
    const text = storedText(value, form);
    const sealed = vault.seal(text, sealedPlace(scope, name));
    const before = store.find(scope, name);
    const updatedAt = later(before?.updatedAt);
    if (before) formers.add(before, updatedAt);
    putOrExplain(() => store.put({ scope, name, kinds, form, sealed, updatedAt }));
  }

  function asGiven(row: SecretRow): GivenSecret {
    const { scope, name, form, updatedAt: setAt } = row;
    return { scope, name, form, setAt, bytes: open(row) };
  }

  function given(place: SecretPlace, kind: JobKind): GivenSecret[] {
    const taken = new Map<string, SecretRow>();
    const counting = store.all().filter(({ scope }) => isCounting(scope, place));
    // A project that keeps a name from agents keeps it also where the host or everywhere would give one.
    for (const row of counting.toSorted((a, b) => byPrecedence(a.scope, b.scope)))
      if (!taken.has(row.name)) taken.set(row.name, row);
    return [...taken.values()].filter(({ kinds }) => kinds.includes(kind)).map(asGiven);
  }

  function covered(projectId: ProjectId): CoveredValue[] {
    const isOfProject = ({ scope }: { scope: SecretScope }) =>
      scope.kind !== 'project' || scope.projectId === projectId;
    return [...store.all(), ...oldValues.all()]
      .filter(isOfProject)
      .map((row: SecretRow | FormerSecret) => ({ name: row.name, bytes: open(row) }));
  }

  return {
    list(scope) {
      const all = store.all();
      const shown = scope ? all.filter((row) => isSameScope(row.scope, scope)) : all;
      return shown.map((row) => toSummary(row, all, oldValues));
    },
    set(scope, name, value, how = {}) {
      const { by = BY_SERVER, kinds = SECRET_KINDS, form = { kind: 'variable' } } = how;
      storedText(value, form);
      record(`Set the secret ${name} of ${scopeText(scope)}`, by, {
        secret: name,
        scope: scopeText(scope),
        kinds: [...kinds],
        form: form.kind,
      });
      db.transaction(() => put(scope, name, value, how));
      tell(scope, [name]);
    },
    setKinds(scope, name, kinds, by = BY_SERVER) {
      find(scope, name);
      record(`Changed who gets the secret ${name} of ${scopeText(scope)}`, by, {
        secret: name,
        scope: scopeText(scope),
        kinds: [...kinds],
      });
      store.setKinds(scope, name, kinds);
    },
    remove(scope, name, by = BY_SERVER) {
      const row = find(scope, name);
      record(`Removed the secret ${name} of ${scopeText(scope)}`, by, {
        secret: name,
        scope: scopeText(scope),
      });
      db.transaction(() => {
        formers.add(row, new Date().toISOString());
        store.remove(scope, name);
      });
      tell(scope, [name]);
    },
    addAll(scope, pairs, how = {}) {
      const [added, replaced]: [string[], string[]] = [[], []];
      for (const { name, value } of pairs) {
        storedText(value, { kind: 'variable' });
        (store.find(scope, name) ? replaced : added).push(name);
      }
      record(`Imported ${pairs.length} secrets of ${scopeText(scope)}`, how.by ?? BY_SERVER, {
        secrets: pairs.map(({ name }) => name),
        scope: scopeText(scope),
      });
      db.transaction(() => {
        for (const { name, value } of pairs) put(scope, name, value, { ...how, form: { kind: 'variable' } });
      });
      tell(
        scope,
        pairs.map(({ name }) => name),
      );
      return { added, replaced };
    },
    given,
    environment: (place, kind) =>
      Object.fromEntries(
        given(place, kind).map(({ name, form, bytes }) => [
          name,
          form.kind === 'file' ? filePlaceholder(name) : bytes.toString('utf8'),
        ]),
      ),
    inEnvironment(env, place, kind) {
      const isIn = ({ name, form, bytes }: GivenSecret) =>
        env[name] === (form.kind === 'file' ? filePlaceholder(name) : bytes.toString('utf8'));
      const now = given(place, kind);
      const before = oldValues
        .all()
        .filter(
          ({ scope, name, form }) => form.kind === 'variable' && name in env && isCounting(scope, place),
        )
        .map((row) => ({ ...row, bytes: open(row) }));
      return [...now, ...before].filter(isIn);
    },
    redactor(projectId) {
      const known = redactors.get(projectId) ?? createRedactorOf(covered(projectId));
      redactors.set(projectId, known);
      return known;
    },
    covered,
    onChanged: (listener) => void listeners.push(listener),
    find(scope, name) {
      const row = store.find(scope, name);
      return row && asGiven(row);
    },
    oldValues,
  };
}

function toSummary(row: SecretRow, all: readonly SecretRow[], oldValues: OldValues): SecretSummary {
  const { scope, name, kinds, form, updatedAt } = row;
  const hiding = all.filter((other) => other.name === name && byPrecedence(other.scope, scope) < 0);
  return {
    scope,
    name,
    kinds: [...kinds],
    form,
    setAt: updatedAt,
    hiddenBy: hiding.map((other) => other.scope),
    oldHolders: oldValues.holders(scope, name),
  };
}

function isSameScope(a: SecretScope, b: SecretScope): boolean {
  return a.kind === b.kind && ownerOf(a) === ownerOf(b);
}

/** What is sealed of a value. */
function storedText(value: string | Uint8Array, form: SecretForm): string {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value);
  if (bytes.byteLength > MAX_SECRET_BYTES) throw new FarhandError('secret.too_large');
  if (form.kind === 'file') return bytes.toString('base64');
  const text = bytes.toString('utf8');
  // An environment holds text up to the first zero byte, and nothing that is no text comes back as it was.
  if (text.includes('\0') || !Buffer.from(text, 'utf8').equals(bytes))
    throw new FarhandError('secret.not_text');
  return text;
}

/** Now, but after `before`: the time of a value names it. */
function later(before: string | undefined): string {
  const now = new Date();
  const least = before === undefined ? 0 : Date.parse(before) + 1;
  return new Date(Math.max(now.getTime(), least)).toISOString();
}

function putOrExplain(put: () => void): void {
  try {
    put();
  } catch (cause) {
    if (String(cause).includes('FOREIGN KEY') || String((cause as Error).cause).includes('FOREIGN KEY'))
      throw new FarhandError('project.not_found', { cause });
    throw cause;
  }
}
