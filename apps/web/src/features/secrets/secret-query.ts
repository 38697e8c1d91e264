import type { SecretKind, SecretScope, SecretSummary } from '@farhand/shared/model/secrets';
import { useQuery } from '@tanstack/react-query';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';

const KEY = ['secrets'] as const;

/** All secrets, by name only. */
export const useSecrets = () => useQuery({ queryKey: KEY, queryFn: () => call('secret.list', {}) });

/** After something was set. */
export const refreshSecrets = () => queryClient.invalidateQueries({ queryKey: KEY });

/** What the kinds of jobs are called. */
export const KIND_LABELS: Readonly<Record<SecretKind, string>> = {
  agent: 'Agents',
  terminal: 'Terminals',
  init: 'Setup',
};

export function isOfScope({ scope }: Pick<SecretSummary, 'scope'>, other: SecretScope): boolean {
  return keyOfScope(scope) === keyOfScope(other);
}

/** The same text for the same scope. */
export function keyOfScope(scope: SecretScope): string {
  if (scope.kind === 'global') return 'global';
  return scope.kind === 'project' ? scope.projectId : `host ${scope.hostId}`;
}
