// `npm run build`: the server bundle and the static page, unless they are up to date.
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { fail } from './lib/run.mjs';

await ensureInstalled().then(ensureBuilt).catch(fail);
