import { type ListSessionsResponse, methods, RequestError } from '@agentclientprotocol/sdk';
import type { AgentId, EarlierSession } from '@farhand/shared/model/agents';
import { newId } from '@farhand/shared/model/ids';
import { z } from 'zod';
import type { AgentPlace, TurnSecrets } from '../../agent.ts';
import type { ClientServices } from '../connection/client.ts';
import { agentError, isMethodMissing } from '../connection/errors.ts';
import { Link } from '../connection/link.ts';
import { SessionRecord } from '../connection/session-record.ts';
import { initialize } from './conversation.ts';
import type { AcpDeps } from './deps.ts';

const MOST = 100;

const listed = z.object({ sessions: z.array(z.unknown()) }).catch({ sessions: [] });
const session = z.object({
  sessionId: z.string().min(1).max(500),
  title: z.string().nullish().catch(null),
  updatedAt: z.string().max(100).nullish().catch(null),
});

interface Asked {
  readonly place: AgentPlace;
  readonly agent: AgentId;
  readonly secrets: TurnSecrets;
}

/** Conversations of this folder that the agent remembers, newest first; asked of a program that runs only for this. */
export async function listEarlier(asked: Asked, deps: AcpDeps): Promise<EarlierSession[]> {
  const { place, agent, secrets } = asked;
  const { hostId, workspaceId, directory, runtime } = place;
  const { command } = await deps.hostAgents.startCommand(agent, runtime);
  const id = newId('job');
  const record = new SessionRecord(null);
  record.reset({ id, hostId, workspaceId, hasStarted: false });
  const link = new Link({
    session: { place, secrets, reports: SILENT },
    record,
    spec: {
      id,
      command: { script: command },
      cwd: directory,
      env: secrets.environment(),
      input: true,
      label: workspaceId,
    },
    services: REFUSING,
    onUpdate: () => {},
    onNonsense: () => {},
  });
  try {
    const { agentCapabilities } = await initialize(link, deps);
    if (agentCapabilities?.sessionCapabilities?.list == null) return [];
    const answer = await link.call<ListSessionsResponse>(
      methods.agent.session.list,
      { cwd: directory },
      { withinMs: deps.timing.answerMs },
    );
    return read(answer, secrets);
  } catch (thrown) {
    if (isMethodMissing(thrown)) return [];
    throw agentError(thrown, secrets.redactor());
  } finally {
    link.detach();
    deps.hostTasks
      .do({ kind: 'remove_job', hostId, workspaceId, jobId: id })
      .catch((error: unknown) => deps.log?.warn('acp_job.not_removed', { jobId: id, error }));
  }
}

function read(answer: unknown, secrets: TurnSecrets): EarlierSession[] {
  const redactor = secrets.redactor();
  return listed
    .parse(answer)
    .sessions.slice(0, MOST)
    .flatMap((one) => session.safeParse(one).data ?? [])
    .map(({ sessionId, title, updatedAt }) => ({
      nativeId: sessionId,
      title: title ? redactor.text(title).slice(0, 200) : null,
      updatedAt: updatedAt ?? null,
    }))
    .toSorted((a, b) => (b.updatedAt ?? '').localeCompare(a.updatedAt ?? ''));
}

const SILENT = { contactLost: () => {}, filesChanged: () => {}, session: () => {} };
const refuse = () => Promise.reject(RequestError.methodNotFound('of a client'));
/** One that only lists has nothing to ask. */
const REFUSING: ClientServices = {
  requestPermission: refuse,
  readTextFile: refuse,
  writeTextFile: refuse,
  createTerminal: refuse,
  terminalOutput: refuse,
  waitForTerminalExit: refuse,
  killTerminal: refuse,
  releaseTerminal: refuse,
  createElicitation: refuse,
  completeElicitation: () => {},
};
