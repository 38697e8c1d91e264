// `npm run bench`: every file of bench/, one after the other; a table on the screen and bench/results.json.
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { fail, run } from './lib/run.mjs';
import { ensureTestTools } from './lib/test-tools.mjs';

await ensureInstalled()
  .then(ensureTestTools)
  .then(ensureBuilt)
  .then(() => run('npx', ['tsx', 'bench/main.ts', ...process.argv.slice(2)]))
  .catch(fail);
