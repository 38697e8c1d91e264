/** Registered git repositories on the server's machine. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newId, type ProjectId } from '@farhand/shared/model/ids';
import type { Project } from '@farhand/shared/model/projects';
import type { StateFeed } from '../feed/state-feed.ts';
import { createGit, type Environment, type Git } from '../git/git.ts';
import type { Database } from '../store/database.ts';
import { cloneRepository, fetchBranches } from './clone.ts';
import { createProjectStore, type ProjectRow, type ProjectStore } from './project-store.ts';
import { headBranch, listBranches, locateRepository } from './repository.ts';
import { parseSource, type Source, sourceName } from './source.ts';

export interface Projects {
  /** Most recently used first. */
  list(): Project[];
  /** Throws `project.not_found`. */
  get(id: ProjectId): Project;
  /** From a path or a URL; the same repository twice gives the same project. Throws `project.*`, `request.invalid`. */
  add(source: string): Promise<Project>;
  /** Forgets it; a clone of ours is deleted, a repository of the person is left alone. Throws `project.in_use`. */
  remove(id: ProjectId): Promise<void>;
  branches(id: ProjectId): Promise<{ branches: string[]; current: string | null }>;
  /** Marks it as used now. */
  touch(id: ProjectId): void;
  /** Git in the project's repository. */
  repository(id: ProjectId): Git;
  /** Fetches a project that was cloned from a URL, at best effort and for at most 20 seconds; others need none. */
  refresh(id: ProjectId): Promise<void>;
}

export interface ProjectsDeps {
  readonly db: Database;
  readonly feed: StateFeed;
  readonly dataDirectory: string;
  /** Of the server's process, for the git it starts. */
  readonly environment: Environment;
}

export function createProjects(deps: ProjectsDeps): Projects {
  const store = createProjectStore(deps.db);
  const row = (id: ProjectId): ProjectRow => {
    const found = store.find(id);
    if (!found) throw new FarhandError('project.not_found', { details: { projectId: id } });
    return found;
  };
  const repository = (id: ProjectId) => createGit(row(id).path, deps.environment);
  const publish = (value: Project) => deps.feed.changed({ kind: 'project', value });
  return {
    list: () => store.all().map(toProject),
    get: (id) => toProject(row(id)),
    async add(text) {
      const source = parseSource(text);
      const added = toProject(
        source.kind === 'path' ? await addPath(deps, store, source.path) : await addUrl(deps, store, source),
      );
      publish(added);
      return added;
    },
    async remove(id) {
      const { path: folder, url } = row(id);
      if (store.hasWorkspaces(id)) throw new FarhandError('project.in_use', { details: { projectId: id } });
      store.remove(id);
      deps.feed.removed('project', id);
      if (url !== null && path.basename(folder) === id) await rm(folder, { recursive: true, force: true });
    },
    async branches(id) {
      const git = repository(id);
      return { branches: await listBranches(git), current: headBranch(git.directory) };
    },
    touch(id) {
      store.touch(id, new Date().toISOString());
      publish(toProject(row(id)));
    },
    repository,
    async refresh(id) {
      const { url } = row(id);
      if (url !== null) await fetchBranches(repository(id), url).catch(() => false);
    },
  };
}

const clonesOf = (deps: ProjectsDeps) => path.join(deps.dataDirectory, 'repositories');

async function addPath(deps: ProjectsDeps, store: ProjectStore, folder: string): Promise<ProjectRow> {
  const top = await locateRepository(folder, deps.environment);
  return store.findByPath(top) ?? insert(store, { path: top, url: null, name: sourceName(top) });
}

async function addUrl(
  deps: ProjectsDeps,
  store: ProjectStore,
  source: Extract<Source, { kind: 'url' }>,
): Promise<ProjectRow> {
  const known = store.findByUrl(source.url);
  if (known) return known;
  const id = newId('project');
  const target = path.join(clonesOf(deps), id);
  await cloneRepository(source, target, deps.environment);
  try {
    const top = await locateRepository(target, deps.environment);
    // The same URL may have been added twice at once: the first one stays.
    const first = store.findByUrl(source.url);
    if (!first) return insert(store, { id, path: top, url: source.url, name: sourceName(source.url) });
    await rm(target, { recursive: true, force: true });
    return first;
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    throw error;
  }
}

function insert(
  store: ProjectStore,
  given: { id?: ProjectId; path: string; url: string | null; name: string },
): ProjectRow {
  const now = new Date().toISOString();
  const name = freeName(given.name, new Set(store.all().map((row) => row.name)));
  const row: ProjectRow = {
    id: given.id ?? newId('project'),
    name,
    path: given.path,
    url: given.url,
    createdAt: now,
    lastUsedAt: now,
  };
  store.insert(row);
  return row;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name} ${count}`;
  return free;
}

function toProject(row: ProjectRow): Project {
  return { ...row, defaultBranch: headBranch(row.path) };
}
