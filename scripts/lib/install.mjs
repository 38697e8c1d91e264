import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';

const MINIMUM_NODE = [20, 19];

/** Refuses a Node that is too old, then runs `npm ci` unless node_modules already fits the lock file. */
export async function ensureInstalled() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
    throw new Error(`Node ${MINIMUM_NODE.join('.')} or newer is needed; this is ${process.versions.node}.`);
  }
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.version);
  const digest = lock.digest('hex');
  const mark = join(root, 'node_modules', '.farhand-lock');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === digest) return;
  // npm ci empties the folder first, and that of another checkout is not ours.
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink())
    throw new Error('node_modules is a link to another place: install there, or remove the link.');
  console.log('Installing packages…');
  // npm sets variables for its scripts that would change what the inner npm does.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_ENV'));
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { env });
  writeFileSync(mark, digest);
}
