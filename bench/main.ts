import { benchCommands } from './commands.ts';
import { report } from './row.ts';
import { benchServer } from './server.ts';

report([...(await benchCommands()), ...(await benchServer())]);
