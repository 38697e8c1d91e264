import { type HostId, hostId, LOCAL_HOST } from './hosts.ts';

/** A host as a person typed it: the id to keep, and for `ssh://…/path` the folder for workspaces there. */
export interface HostTarget {
  readonly hostId: HostId;
  readonly baseDirectory: string | null;
}

/**
 * Reads `local`, an alias, `user@host`, or `ssh://[user@]host[:port][/path]`; `null` where it is none of them: empty,
 * begins with `-`, holds white space, control characters or what a shell reads as its own, or has no such port.
 */
export function parseHostTarget(text: string): HostTarget | null {
  const typed = text.trim();
  if (typed === LOCAL_HOST) return { hostId: LOCAL_HOST, baseDirectory: null };
  const url = /^ssh:\/\/(?<authority>[^/]+)(?<path>\/.*)?$/.exec(typed);
  const destination = url?.groups ? `ssh://${url.groups.authority}` : typed;
  const parsed = hostId.safeParse(destination);
  if (!parsed.success || isRefused(destination)) return null;
  const path = url?.groups?.path;
  return { hostId: parsed.data, baseDirectory: path && path !== '/' ? path : null };
}

const HIGHEST_PORT = 65_535;

// ssh splits user@host itself, so a dash must not begin either part; it refuses what a shell would read as its own.
function isRefused(destination: string): boolean {
  const isUrl = destination.startsWith('ssh://');
  const bare = isUrl ? destination.slice('ssh://'.length) : destination;
  const name = bare.slice(bare.lastIndexOf('@') + 1);
  const port = isUrl ? /:(\d+)$/.exec(name)?.[1] : undefined;
  if (port !== undefined && (Number(port) < 1 || Number(port) > HIGHEST_PORT)) return true;
  return bare.startsWith('-') || name.startsWith('-') || name === '' || /[/'"`$\\;&<>|(){}]/.test(bare);
}
