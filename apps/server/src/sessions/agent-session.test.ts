import { LOCAL_HOST } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import { expect, it } from 'vitest';
import type { HowOpened } from '../terminals/terminals.ts';
import { agentPlace } from './agent-session.ts';

it('opens the terminal that an agent asks for in the sandbox of its session', async () => {
  const sessionId = newId('session');
  const workspace = { id: newId('workspace'), hostId: LOCAL_HOST, projectId: newId('project') };
  const opened: HowOpened[] = [];
  const deps = {
    terminals: () => ({ open: async (_id: unknown, how: HowOpened) => void opened.push(how) }),
  };
  const place = agentPlace(deps as never, { workspace, directory: '/w', runtime: {} } as never, sessionId);
  await place.openTerminal('Sign in', 'true');
  expect(opened).toMatchObject([{ sessionId }]);
});
