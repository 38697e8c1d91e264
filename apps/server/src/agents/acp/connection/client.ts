import { type ClientConnection, client, methods, type Stream } from '@agentclientprotocol/sdk';
import type { JobId } from '@farhand/shared/model/ids';
import { z } from 'zod';
import { readPermission } from '../services/permission-options.ts';
import type { SessionServices } from '../services/services.ts';

/** What the agent can ask for, and tell beside `session/update`. */
export type ClientServices = Omit<SessionServices, 'endTurn' | 'takeReasons'>;

// The library prints what a parser of notifications refuses: an agent could fill our log with it.
const completed = z.object({ elicitationId: z.string() }).catch({ elicitationId: '' });

/** The protocol's library over the stream of the agent `jobId`. What the agent asks for and nobody here knows is answered with -32601. */
export function connectClient(stream: Stream, services: ClientServices, jobId: JobId): ClientConnection {
  const { session, fs, terminal, elicitation } = methods.client;
  // The same request by the next server, and no other one: the id is where it is in the program's output.
  const key = ({ requestId }: { requestId: string | number | null }) => `${jobId} ${requestId}`;
  return client({ name: 'farhand' })
    .onRequest(session.requestPermission, readPermission, (asked) =>
      services.requestPermission(asked.params, key(asked)),
    )
    .onRequest(fs.readTextFile, (asked) => services.readTextFile(asked.params, key(asked)))
    .onRequest(fs.writeTextFile, (asked) => services.writeTextFile(asked.params, key(asked)))
    .onRequest(terminal.create, (asked) => services.createTerminal(asked.params, key(asked)))
    .onRequest(terminal.output, ({ params }) => services.terminalOutput(params))
    .onRequest(terminal.waitForExit, ({ params }) => services.waitForTerminalExit(params))
    .onRequest(terminal.kill, ({ params }) => services.killTerminal(params))
    .onRequest(terminal.release, ({ params }) => services.releaseTerminal(params))
    .onRequest(elicitation.create, (asked) => services.createElicitation(asked.params, key(asked)))
    .onNotification(
      elicitation.complete,
      (params) => completed.parse(params),
      ({ params }) => services.completeElicitation(params.elicitationId),
    )
    .connect(stream);
}
