import type { HostId } from '@farhand/shared/model/hosts';
import { hostId as hostIdOf } from '@farhand/shared/model/hosts';
import { type ProjectId, projectId as projectIdOf } from '@farhand/shared/model/ids';
import type { SecretScope } from '@farhand/shared/model/secrets';

/** Where a job runs, as far as secrets are given by it. */
export interface SecretPlace {
  readonly projectId: ProjectId;
  readonly hostId: HostId;
}

/** Of the secrets of one name that count in a place, the one whose scope comes first here is taken. */
const PRECEDENCE: readonly SecretScope['kind'][] = ['project', 'host', 'global'];

/** What a scope is of: the id of the project or host, empty for everywhere. */
export function ownerOf(scope: SecretScope): string {
  if (scope.kind === 'global') return '';
  return scope.kind === 'project' ? scope.projectId : scope.hostId;
}

/** The scope of a stored row. */
export function scopeOf(kind: string, owner: string): SecretScope {
  if (kind === 'project') return { kind, projectId: projectIdOf.parse(owner) };
  return kind === 'host' ? { kind, hostId: hostIdOf.parse(owner) } : { kind: 'global' };
}

/** True where a secret of this scope is given to jobs of this place. */
export function isCounting(scope: SecretScope, { projectId, hostId }: SecretPlace): boolean {
  if (scope.kind === 'global') return true;
  return scope.kind === 'project' ? scope.projectId === projectId : scope.hostId === hostId;
}

/** Below zero where `a` is taken before `b`. */
export function byPrecedence(a: SecretScope, b: SecretScope): number {
  return PRECEDENCE.indexOf(a.kind) - PRECEDENCE.indexOf(b.kind);
}

/** As a person reads it in a record, as `project prj_1`. */
export function scopeText(scope: SecretScope): string {
  return scope.kind === 'global' ? 'everywhere' : `${scope.kind} ${ownerOf(scope)}`;
}

/**
 * The place of a sealed value, as additional data: copied to another row by someone who can write the database, it does
 * not open there. A project's is as it was before there were other scopes.
 */
export function sealedPlace(scope: SecretScope, name: string): string {
  return scope.kind === 'project'
    ? `secret/${scope.projectId}/${name}`
    : `secret/${scope.kind}:${ownerOf(scope)}/${name}`;
}
