import {
  type InitializeRequest,
  type InitializeResponse,
  type McpServer,
  methods,
  type NewSessionResponse,
  PROTOCOL_VERSION,
} from '@agentclientprotocol/sdk';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { VERSION } from '../../../config/version.ts';
import type { AgentPlace } from '../../agent.ts';
import { isRefusal } from '../connection/errors.ts';
import type { Link } from '../connection/link.ts';
import type { AcpDeps } from './deps.ts';

/** Keys of calls in the record, so that a later server finds their answers. */
export const INITIALIZE = 'initialize';
export const SESSION = 'session';

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

/** What the agent is and can. Throws `agent.unsupported`, and as `Link.call`. */
export async function initialize(link: Link, { timing }: AcpDeps): Promise<InitializeResponse> {
  const answer = await link.call<InitializeResponse>(methods.agent.initialize, CLIENT, {
    key: INITIALIZE,
    withinMs: timing.startMs,
  });
  if (answer?.protocolVersion === PROTOCOL_VERSION) return answer;
  throw new FarhandError('agent.unsupported', { details: { version: answer?.protocolVersion } });
}

/** How a conversation was come by: `lost` where the agent could not take up the one it had. */
export type Opened = { readonly answer: unknown; readonly how: 'new' | 'taken_up' | 'lost' };

/** The agent's conversation of this session: the one it had where it can take that up, otherwise a new one. */
export async function openConversation(
  link: Link,
  { agentCapabilities = {} }: InitializeResponse,
  given: { deps: AcpDeps; place: AgentPlace },
): Promise<Opened> {
  const { deps, place } = given;
  const { record } = link;
  const { mcpCapabilities } = agentCapabilities;
  const canUse = (server: McpServer) => !('type' in server) || mcpCapabilities?.[server.type] === true;
  const params = { cwd: place.directory, mcpServers: (await deps.mcpServers(place)).filter(canUse) };
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
  const canResume = agentCapabilities.sessionCapabilities?.resume != null;
  const earlier = canResume ? resume : agentCapabilities.loadSession === true ? load : null;
  if (begun !== create && sessionId !== null && (begun ?? earlier) !== null) {
    try {
      return { answer: await ask(begun ?? earlier ?? load, { sessionId }), how: 'taken_up' };
    } catch (thrown) {
      // It forgot it, or cannot do what it advertised. What ended the agent is no answer.
      if (!isRefusal(thrown)) throw thrown;
      forgetCall(link, SESSION);
    }
  }
  const isLost = begun !== create && sessionId !== null;
  if (isLost) record.change({ needsPreface: true });
  const answer = await ask(create);
  if (typeof answer?.sessionId !== 'string')
    throw new FarhandError('agent.failed', { message: 'The agent began a conversation without an id.' });
  record.setNativeId(answer.sessionId);
  return { answer, how: isLost ? 'lost' : 'new' };
}

/** Asked again, it is sent again. */
export function forgetCall({ record }: Link, key: string): void {
  record.change({ calls: record.state.calls.filter((call) => call.key !== key) });
}
