import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { contentSecurityPolicy, inlineScriptHashes } from './content-security-policy.ts';

/** The built web app. */
export interface StaticFiles {
  /** Null where there is no such file; a page's path without an extension gets the shell page. */
  answer(request: { path: string; host: string; ifNoneMatch: string | null }): Promise<Response | null>;
}

interface StaticFile {
  readonly file: string;
  readonly type: string;
  readonly etag: string;
  readonly cacheControl: string;
  /** Of the inline scripts; null for what is no page. */
  readonly scriptHashes: readonly string[] | null;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const SHELL = '/index.html';
/** Names of files here contain a hash of their content. */
const HASHED = '/_next/static/';

/**
 * Files of `directory`, which are listed once, now: only what is in the list is ever served, so that no path leads out
 * of it, and symbolic links are left out. Null where the folder is missing or has no shell page.
 */
export function openStaticFiles(directory: string): StaticFiles | null {
  const files = listFiles(directory);
  if (!files.has(SHELL)) return null;
  return {
    async answer({ path, host, ifNoneMatch }) {
      const found = find(files, path);
      return found && respond(found, host, ifNoneMatch);
    },
  };
}

function find(files: ReadonlyMap<string, StaticFile>, path: string): StaticFile | null {
  const decoded = decode(path);
  if (decoded === null) return null;
  const bare = decoded.replace(/\/$/, '');
  const exact = files.get(decoded) ?? files.get(`${bare}.html`) ?? files.get(`${bare}${SHELL}`);
  if (exact) return exact;
  return extname(decoded) === '' && !decoded.startsWith('/_next/') ? (files.get(SHELL) ?? null) : null;
}

async function respond(found: StaticFile, host: string, ifNoneMatch: string | null): Promise<Response> {
  const headers: Record<string, string> = { etag: found.etag, 'cache-control': found.cacheControl };
  if (found.scriptHashes)
    headers['content-security-policy'] = contentSecurityPolicy(host, found.scriptHashes);
  if (ifNoneMatch?.includes(found.etag)) return new Response(null, { status: 304, headers });
  return new Response(await readFile(found.file), { headers: { ...headers, 'content-type': found.type } });
}

function listFiles(directory: string): Map<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  for (const entry of entriesOf(directory)) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(directory, file).split(sep).join('/')}`;
    files.set(path, describe(file, path));
  }
  return files;
}

function entriesOf(directory: string) {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
}

function describe(file: string, path: string): StaticFile {
  const { size, mtimeMs } = statSync(file);
  const extension = extname(path).toLowerCase();
  return {
    file,
    type: TYPES[extension] ?? 'application/octet-stream',
    etag: `"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}"`,
    cacheControl: path.startsWith(HASHED) ? 'private, max-age=31536000, immutable' : 'private, no-cache',
    scriptHashes: extension === '.html' ? inlineScriptHashes(readFileSync(file, 'utf8')) : null,
  };
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
