// `npm run chaos -- --cuts N --seed S`: breaks everything again and again, then looks for what was lost. See docs/survival.md.
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { fail, run } from './lib/run.mjs';
import { ensureTestTools } from './lib/test-tools.mjs';

await ensureInstalled()
  .then(ensureTestTools)
  .then(ensureBuilt)
  .then(() => run('npx', ['tsx', 'e2e/chaos/main.ts', ...process.argv.slice(2)]))
  .catch(fail);
