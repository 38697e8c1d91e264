// `npm run dev`: the server from its sources, restarted on change, with Next's development mode on the same port.
import { ensureInstalled } from './lib/install.mjs';
import { fail, run } from './lib/run.mjs';

await ensureInstalled()
  .then(() =>
    run('npx', [
      'tsx',
      'watch',
      'apps/server/src/cli/farhand.ts',
      'serve',
      '--dev',
      ...process.argv.slice(2),
    ]),
  )
  .catch(fail);
