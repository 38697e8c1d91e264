// Builds the page into apps/web/out, a static export that the server serves.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const next = createRequire(new URL('../apps/web/package.json', import.meta.url)).resolve(
  'next/dist/bin/next',
);

const build = spawn(process.execPath, [next, 'build', 'apps/web'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
});
build.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});
