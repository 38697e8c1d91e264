import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';

const pinned = join(root, 'e2e/agents');
const place = join(root, '.cache/agents');
const FILES = ['package.json', 'package-lock.json'];

/**
 * Puts the real agents that the tests run into `.cache/agents`, by the lock file in `e2e/agents`: about 330 MB, which
 * nobody needs who only uses Farhand. Their install scripts build what the tests do without, so none is run.
 */
export async function ensureTestAgents() {
  const hash = createHash('sha256').update(process.platform).update(process.arch);
  for (const file of FILES) hash.update(readFileSync(join(pinned, file)));
  const digest = hash.digest('hex');
  const mark = join(place, '.farhand-lock');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === digest) return;
  console.log('Installing the agents that the tests run…');
  mkdirSync(place, { recursive: true });
  for (const file of FILES) copyFileSync(join(pinned, file), join(place, file));
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['ci', '--prefix', place, ...options], { cwd: place });
  writeFileSync(mark, digest);
}
