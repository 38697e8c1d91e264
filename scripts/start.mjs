// `npm start`: installs, builds and runs Farhand. What is already there is not done again.
// Words after `--` go to `farhand serve`, as in `npm start -- --port 8000`.
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { fail, root } from './lib/run.mjs';

try {
  await ensureInstalled();
  await ensureBuilt();
} catch (error) {
  fail(error);
}
const program = join(root, 'apps/server/dist/farhand.js');
process.argv = [process.argv[0], program, 'serve', ...process.argv.slice(2)];
await import(program);
