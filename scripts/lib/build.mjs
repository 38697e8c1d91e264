import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, run } from './run.mjs';

const SOURCES = ['package-lock.json', 'tsconfig.base.json', 'scripts', 'packages', 'apps'];
const SKIPPED = new Set(['node_modules', 'dist', 'out', '.next', '.next-dev', '.tsbuild', 'next-env.d.ts']);
const MARK = join(root, 'apps/server/dist/.sources');

/** Every source file's path, sorted. */
function* files(path) {
  const entries = readdirSync(join(root, path), { withFileTypes: true }).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  for (const entry of entries) {
    if (SKIPPED.has(entry.name) || entry.name.endsWith('.tsbuildinfo')) continue;
    const child = join(path, entry.name);
    if (entry.isDirectory()) yield* files(child);
    else if (entry.isFile() && !/\.test\.\w+$/.test(entry.name)) yield child;
  }
}

function digestOfSources() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const path of /\.\w+$/.test(source) ? [source] : files(source)) {
      hash
        .update(path)
        .update('\0')
        .update(readFileSync(join(root, path)))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

/** Builds the server and the page unless what was built is of these very sources. */
export async function ensureBuilt() {
  const digest = digestOfSources();
  if (existsSync(MARK) && readFileSync(MARK, 'utf8') === digest) return;
  console.log('Building…');
  await Promise.all(
    ['build-server.mjs', 'build-web.mjs'].map((name) => run('node', [join('scripts', name)])),
  );
  mkdirSync(dirname(MARK), { recursive: true });
  writeFileSync(MARK, digest);
}
