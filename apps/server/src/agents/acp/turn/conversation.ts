import {
  type InitializeRequest,
  type McpServer,
  methods,
  type NewSessionResponse,
  PROTOCOL_VERSION,
} from '@agentclientprotocol/sdk';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { z } from 'zod';
import { VERSION } from '../../../config/version.ts';
import type { AgentPlace } from '../../agent.ts';
import { isRefusal } from '../connection/errors.ts';
import type { Link } from '../connection/link.ts';
import { initializeAnswer } from '../told-controls.ts';
import type { AcpDeps, GivenServers } from './deps.ts';

/** Keys of calls in the record, so that a later server finds their answers. */
export const INITIALIZE = 'initialize';
export const SESSION = 'session';

const versionOf = z.object({ protocolVersion: z.number() });

const CLIENT: InitializeRequest = {
  protocolVersion: PROTOCOL_VERSION,
  clientInfo: { name: 'farhand', title: 'Farhand', version: VERSION },
  clientCapabilities: {
    fs: { readTextFile: true, writeTextFile: true },
    terminal: true,
    auth: { terminal: true },
    elicitation: { form: {}, url: {} },
    session: { configOptions: { boolean: {} }, notices: {}, compaction: {} },
    // Conventions from before the protocol had a place for them: output of an agent's own commands, and its login.
    _meta: { terminal_output: true, 'terminal-auth': true },
  },
};

/** What is known of an agent that runs. */
export type Initialized = z.infer<typeof initializeAnswer>;

/** What the agent is and can. Throws `agent.unsupported`, and as `Link.call`. */
export async function initialize(link: Link, { timing }: AcpDeps): Promise<Initialized> {
  const answer = await link.call<unknown>(methods.agent.initialize, CLIENT, {
    key: INITIALIZE,
    withinMs: timing.startMs,
  });
  const version = versionOf.safeParse(answer).data?.protocolVersion ?? null;
  if (version === PROTOCOL_VERSION) return initializeAnswer.parse(answer);
  throw new FarhandError('agent.unsupported', { details: { version } });
}

/** How a conversation was come by: `lost` where the agent could not take up the one it had, with what it said where it did. */
export type Opened = {
  readonly answer: unknown;
  readonly how: 'new' | 'taken_up' | 'lost';
  readonly refusal: unknown;
};

/**
 * The agent's conversation of this session: the one it had where it can take that up, otherwise a new one. `isToBeShown`
 * for one whose past a person wants to see: then it is played back where the agent can do that.
 */
export async function openConversation(
  link: Link,
  { agentCapabilities }: Initialized,
  given: { deps: AcpDeps; place: AgentPlace; isToBeShown: boolean },
): Promise<Opened> {
  const { deps, place, isToBeShown } = given;
  const { record } = link;
  const { servers } = await serversFor(deps, place, agentCapabilities);
  const params = { cwd: place.directory, mcpServers: servers };
  const ask = (method: string, more: object = {}) =>
    link.call<NewSessionResponse>(
      method,
      { ...params, ...more },
      {
        key: SESSION,
        withinMs: deps.timing.openMs,
      },
    );
  const begun = record.state.calls.find(({ key }) => key === SESSION)?.method;
  const sessionId = record.nativeId;
  const { resume, load, new: create } = methods.agent.session;
  const canResume = agentCapabilities?.sessionCapabilities?.resume != null;
  const canLoad = agentCapabilities?.loadSession === true;
  const earlier = canResume && !(canLoad && isToBeShown) ? resume : canLoad ? load : null;
  let refusal: unknown = null;
  if (begun !== create && sessionId !== null && (begun ?? earlier) !== null) {
    try {
      return { answer: await ask(begun ?? earlier ?? load, { sessionId }), how: 'taken_up', refusal };
    } catch (thrown) {
      // It forgot it, or cannot do what it advertised. What ended the agent is no answer.
      if (!isRefusal(thrown)) throw thrown;
      refusal = thrown;
      forgetCall(link, SESSION);
    }
  }
  const isLost = begun !== create && sessionId !== null;
  if (isLost) record.change({ needsPreface: true });
  const answer = await ask(create);
  const id = sessionIdOf.safeParse(answer).data?.sessionId;
  if (id === undefined)
    throw new FarhandError('agent.failed', { message: 'The agent began a conversation without an id.' });
  record.setNativeId(id);
  return { answer, how: isLost ? 'lost' : 'new', refusal };
}

const sessionIdOf = z.object({ sessionId: z.string().min(1).max(1000) });

/** The MCP servers that this agent can use; the others with why it does not get them. */
export async function serversFor(
  deps: Pick<AcpDeps, 'mcpServers'>,
  place: AgentPlace,
  capabilities: Initialized['agentCapabilities'],
): Promise<GivenServers> {
  const { servers, leftOut } = await deps.mcpServers(place);
  const canUse = (server: McpServer) =>
    !('type' in server) || capabilities?.mcpCapabilities?.[server.type] === true;
  const useless = servers.filter((server) => !canUse(server));
  const why = 'it cannot use servers at an address.';
  return {
    servers: servers.filter(canUse),
    leftOut: [...leftOut, ...useless.map(({ name }) => ({ name, why }))],
  };
}

/** Asked again, it is sent again. */
export function forgetCall({ record }: Link, key: string): void {
  record.change({ calls: record.state.calls.filter((call) => call.key !== key) });
}
