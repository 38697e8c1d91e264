/** Which paths of a host a sandbox shows, and how. */
import { posix } from 'node:path';
import type { Profile } from '../profiles/profile.ts';
import { AGENT_STATE, CACHES, NEVER, SYSTEM, SYSTEM_SECRETS, TOOLS } from './known-paths.ts';

/** `empty`: a folder of the job's own, gone with it; `own`: one of the workspace's own, which stays. */
export type Access = 'read' | 'write' | 'hidden' | 'empty' | 'own';

export interface Place {
  readonly path: string;
  readonly access: Access;
  /** True inside of what jobs write: it may be a link by now. */
  readonly isWithin: boolean;
}

/** What is particular to one job. */
export interface PlacesFor {
  readonly profile: Profile;
  /** The home folder on the host, and where that really is. */
  readonly home: string;
  readonly realHome: string;
  /** The workspace; null where there is none. */
  readonly directory: string | null;
  /** Whose state is written: agents by id. */
  readonly agents: readonly string[];
  /** Folders that this job alone may read: its secrets that are files. */
  readonly secrets: readonly string[];
  /** Folders in which it leaves requests for Farhand, in whatever profile. */
  readonly requests?: readonly string[];
  /** True where there is a folder of the workspace's own, for what is to last. */
  readonly hasOwn: boolean;
}

/** Ordered so that what is inside another comes after it. Of two rules for one path the later one counts. */
export function placesFor(job: PlacesFor): Place[] {
  const { profile, home, realHome } = job;
  const rules = new Map<string, Access>();
  const homes = [...new Set([home, realHome])];
  const put = (paths: readonly string[], access: Access) => {
    for (const path of paths)
      for (const expanded of expand(path, homes)) if (expanded !== '/') rules.set(expanded, access);
  };
  const own: Access = job.hasOwn && profile.workspace === 'write' ? 'own' : 'empty';
  put(SYSTEM, 'read');
  put(SYSTEM_SECRETS, 'hidden');
  put(['/var/tmp', '/run/user', '~'], 'empty');
  put(['/tmp'], own);
  put(CACHES, own);
  put(TOOLS, 'read');
  put(NEVER, 'hidden');
  put(
    job.agents.flatMap((agent) => AGENT_STATE[agent] ?? []),
    profile.workspace === 'write' ? 'write' : 'read',
  );
  const { directory } = job;
  // A folder that holds the home folder is no workspace: it would show all that is hidden.
  if (directory !== null && profile.workspace !== 'hidden' && !homes.some((one) => isInside(directory, one)))
    put([directory], profile.workspace);
  put(profile.read, 'read');
  put(profile.write, 'write');
  put(profile.hide, 'hidden');
  put(job.secrets, 'read');
  put(job.requests ?? [], 'write');
  return withoutIdle(ordered(rules));
}

/** How a path is shown: by the longest rule that contains it. */
export function accessOf(places: readonly Place[], path: string): Access {
  const wanted = posix.normalize(path);
  // Ordered by depth: the last one that contains it is the longest.
  return places.findLast((place) => isInside(place.path, wanted))?.access ?? 'hidden';
}

/** True for the folder itself, too. */
export function isInside(folder: string, path: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

function expand(path: string, homes: readonly string[]): string[] {
  if (path !== '~' && !path.startsWith('~/')) return [tidy(path)];
  return homes.map((home) => tidy(`${home}${path.slice(1)}`));
}

function tidy(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

function ordered(rules: ReadonlyMap<string, Access>): Place[] {
  const places = [...rules].map(([path, access]) => ({ path, access, isWithin: false }));
  return places.toSorted((a, b) => depth(a.path) - depth(b.path) || (a.path < b.path ? -1 : 1));
}

const depth = (path: string) => path.split('/').length;

// What is hidden where nothing is shown needs no mount, and no folder is emptied in what a profile shows as it is. Mount
// points are never made in a folder that jobs write and that lasts: a link there would lead their maker astray.
function withoutIdle(places: readonly Place[]): Place[] {
  const kept: Place[] = [];
  for (const place of places) {
    const around = accessOf(kept, posix.dirname(place.path));
    const isShown = around === 'read' || around === 'write';
    if (place.access === 'hidden' && !isShown && around !== 'own') continue;
    if ((place.access === 'own' || place.access === 'empty') && isShown) continue;
    kept.push({ ...place, isWithin: around === 'write' });
  }
  const holdsOthers = ({ path }: Place) => kept.some((one) => one.path !== path && isInside(path, one.path));
  return kept.map((place) =>
    place.access === 'own' && holdsOthers(place) ? { ...place, access: 'empty' } : place,
  );
}
