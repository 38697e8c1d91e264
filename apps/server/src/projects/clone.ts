/** Clones that the server keeps for projects added by URL. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { gitReason } from '../git/errors.ts';
import { createGit, type Environment, type Git } from '../git/git.ts';
import type { Source } from './source.ts';

type UrlSource = Extract<Source, { kind: 'url' }>;

/** A large repository on a slow line. */
const CLONE_TIMEOUT_MS = 30 * 60_000;
/** Before a workspace is made; a slow remote must not hold it up, the branches of the last fetch do. */
const FETCH_TIMEOUT_MS = 20_000;

/** Clones all branches, bare, without tags and hooks, into `target`; leaves nothing behind when it fails. */
export async function cloneRepository(
  source: UrlSource,
  target: string,
  environment: Environment,
): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  const git = createGit(path.dirname(target), environment);
  const args = ['clone', '--quiet', '--bare', '--no-tags', '--template=', '--', source.url, target];
  const result = await git.run(args, { timeoutMs: CLONE_TIMEOUT_MS, env: credentials(source) });
  if (result.code === 0) return;
  await rm(target, { recursive: true, force: true });
  throw new FarhandError('project.clone_failed', {
    message: `${source.url} could not be cloned: ${gitReason(result.stderr)}`,
    hint: 'Check the URL, and that `git clone` of it works in a terminal without asking anything.',
  });
}

/** Brings the branches of a clone up to date, in a bounded time; what fails leaves the last known ones. */
export async function fetchBranches(git: Git, url: string): Promise<boolean> {
  const args = [
    'fetch',
    '--quiet',
    '--prune',
    '--no-tags',
    '--no-write-fetch-head',
    '--force',
    '--',
    url,
    '+refs/heads/*:refs/heads/*',
  ];
  const result = await git.run(args, { timeoutMs: FETCH_TIMEOUT_MS });
  return result.code === 0;
}

// By environment, because an argument list is seen by everyone on the machine.
function credentials(source: UrlSource): Record<string, string> {
  if (source.authorization === null) return {};
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${new URL(source.url).origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: source.authorization,
  };
}
