// Bundles the server and its CLI into apps/server/dist/farhand.js; what has native parts or is loaded rarely stays in
// node_modules.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const server = join(root, 'apps/server');
const dist = join(server, 'dist');

rmSync(dist, { recursive: true, force: true });
await build({
  entryPoints: [join(server, 'src/cli/farhand.ts')],
  outdir: dist,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // The CLI loads the server only to serve, and the server loads the model SDK only for a turn.
  splitting: true,
  sourcemap: 'linked',
  sourcesContent: false,
  external: ['libsql', 'ssh2', 'next', 'ai', '@ai-sdk/*', 'pino', 'isomorphic-git', 'ws', 'web-tree-sitter'],
  // Parts in CommonJS ask for Node's own modules by `require`.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
cpSync(join(server, 'migrations'), join(dist, 'migrations'), { recursive: true });
