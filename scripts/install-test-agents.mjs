// What `npm test` does before the tests of real agents: for running those alone.
import { fail } from './lib/run.mjs';
import { ensureTestAgents } from './lib/test-agents.mjs';

ensureTestAgents().catch(fail);
