import type { ApiToken, Scope } from '@farhand/shared/model/tokens';

/** Each scope in a few words. */
export const SCOPE_NOTES: Readonly<Record<Scope, string>> = {
  read: 'Look at hosts, workspaces, files and transcripts',
  run: 'Run commands by the policy, start sessions and send messages',
  write: 'Make, change and delete workspaces and files',
  approve: 'Answer what agents ask',
  admin: 'Everything, settings and secrets too; but it makes no tokens and no sign-ins',
};

/** What it may do, as `May read, run`. */
export const scopesText = ({ scopes }: Pick<ApiToken, 'scopes'>): string =>
  scopes.includes('admin') ? 'May do everything but make tokens' : `May ${scopes.join(', ')}`;

/** How far it reaches, as `on prod, lab`. */
export function reachText({ hosts, projects }: Pick<ApiToken, 'hosts' | 'projects'>): string {
  const parts = [
    hosts && `on ${hosts.join(', ')}`,
    projects && (projects.length === 1 ? 'in one project' : `in ${projects.length} projects`),
  ].filter(Boolean);
  return parts.length === 0 ? 'everywhere' : `only ${parts.join(', ')}`;
}

/** When it was used and when it ends, in the reader's own way to write times. */
export function usedText({
  lastUsedAt,
  lastUsedFrom,
  expiresAt,
}: Pick<ApiToken, 'lastUsedAt' | 'lastUsedFrom' | 'expiresAt'>): string {
  const used =
    lastUsedAt === null
      ? 'Never used'
      : `Last used ${shortTime(lastUsedAt)}${lastUsedFrom === null ? '' : ` from ${lastUsedFrom}`}`;
  return `${used}. ${expiresAt === null ? 'Does not expire.' : `Expires ${shortTime(expiresAt)}.`}`;
}

function shortTime(at: string): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
