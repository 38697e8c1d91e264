import { benchAgents } from './agents.ts';
import { benchAudit } from './audit.ts';
import { benchCapacity } from './capacity.ts';
import { benchCommands } from './commands.ts';
import { report } from './row.ts';
import { benchSandbox } from './sandbox.ts';
import { benchServer } from './server.ts';

const PARTS = {
  commands: benchCommands,
  server: benchServer,
  capacity: benchCapacity,
  agents: benchAgents,
  audit: benchAudit,
  sandbox: benchSandbox,
};

// `npm run bench -- capacity` runs one part alone.
const wanted = process.argv.slice(2);
const rows = [];
for (const [name, bench] of Object.entries(PARTS))
  if (wanted.length === 0 || wanted.includes(name)) rows.push(...(await bench()));
report(rows);
