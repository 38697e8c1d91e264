import type {
  CreateElicitationRequest,
  CreateElicitationResponse,
  CreateTerminalRequest,
  CreateTerminalResponse,
  KillTerminalRequest,
  KillTerminalResponse,
  ReadTextFileRequest,
  ReadTextFileResponse,
  ReleaseTerminalRequest,
  ReleaseTerminalResponse,
  RequestPermissionRequest,
  RequestPermissionResponse,
  TerminalOutputRequest,
  TerminalOutputResponse,
  WaitForTerminalExitRequest,
  WaitForTerminalExitResponse,
  WriteTextFileRequest,
  WriteTextFileResponse,
} from '@agentclientprotocol/sdk';
import type { TurnId } from '@farhand/shared/model/ids';
import type { AgentSession } from '../../agent.ts';
import { type KeptPlace, keptInMemory } from '../connection/kept.ts';
import type { UpdateMapper } from '../updates/update-mapper.ts';
import { Elicitations } from './elicitation.ts';
import { answered } from './errors.ts';
import { Grants } from './grants.ts';
import { readTextFile, writeTextFile } from './host-files.ts';
import { HostTerminals } from './host-terminals.ts';
import { requestPermission } from './permission.ts';
import type { ServiceContext } from './service-context.ts';

/**
 * What an ACP agent asks of us. Each is answered, or rejects with the SDK's `RequestError`; where the server closes it
 * stays without an answer, and the next server can be asked the same again. `key` stands for the request, the same after
 * a restart and for no other request: the agent's job and the JSON-RPC id. With it nothing is asked or started twice.
 */
interface AcpServices {
  requestPermission(params: RequestPermissionRequest, key?: string): Promise<RequestPermissionResponse>;
  readTextFile(params: ReadTextFileRequest, key?: string): Promise<ReadTextFileResponse>;
  writeTextFile(params: WriteTextFileRequest, key?: string): Promise<WriteTextFileResponse>;
  createTerminal(params: CreateTerminalRequest, key?: string): Promise<CreateTerminalResponse>;
  terminalOutput(params: TerminalOutputRequest): Promise<TerminalOutputResponse>;
  waitForTerminalExit(params: WaitForTerminalExitRequest): Promise<WaitForTerminalExitResponse>;
  killTerminal(params: KillTerminalRequest): Promise<KillTerminalResponse>;
  releaseTerminal(params: ReleaseTerminalRequest): Promise<ReleaseTerminalResponse>;
  createElicitation(params: CreateElicitationRequest, key?: string): Promise<CreateElicitationResponse>;
  /** Of a turn that was stopped it ends every terminal; others run on. What was allowed holds no longer. */
  endTurn(): Promise<void>;
}

/** The services of one session: answers to what its agent asks, and what goes with them. */
export interface SessionServices extends AcpServices {
  /** `elicitation/complete`: closes the question about that address. */
  completeElicitation(elicitationId: string): void;
  /** Why a person said no since the last call: to be put before the next prompt, for ACP has no place for it. */
  takeReasons(): string[];
}

/** What is told with the next prompt at most. */
const MOST_REASONS = 20;
const LONGEST_REASON = 2000;

/** Services over the host of the session. `turnId` and `signal` are those of the running turn, between turns of the last one. */
export function createServices(
  session: AgentSession,
  mapper: UpdateMapper,
  options: { turnId(): TurnId; signal(): AbortSignal; kept?: KeptPlace },
): SessionServices {
  const { turnId, signal, kept: place = keptInMemory() } = options;
  const grants = new Grants((toolCallId) => mapper.callItem(toolCallId), place);
  const context: ServiceContext = { session, mapper, grants, place, turnId, signal };
  const terminals = new HostTerminals(context);
  const elicitations = new Elicitations(context);
  const answer = <Result>(work: () => Promise<Result>) => answered(signal(), work);
  const keepReason = (reason: string) =>
    place.keep({ reasons: [...place.kept.reasons, reason.slice(0, LONGEST_REASON)].slice(-MOST_REASONS) });

  return {
    requestPermission: (params, key) =>
      answer(async () => {
        const { response, reason } = await requestPermission(context, params, key ?? null);
        if (reason !== null) keepReason(reason);
        return response;
      }),
    readTextFile: (params, key) => answer(() => readTextFile(context, params, key ?? null)),
    writeTextFile: (params, key) => answer(() => writeTextFile(context, params, key ?? null)),
    createTerminal: (params, key) => answer(() => terminals.create(params, key ?? null)),
    terminalOutput: ({ terminalId }) => answer(() => terminals.output(terminalId)),
    waitForTerminalExit: ({ terminalId }) => answer(() => terminals.waitForExit(terminalId)),
    killTerminal: ({ terminalId }) =>
      answer(async () => {
        await terminals.kill(terminalId);
        return {};
      }),
    releaseTerminal: ({ terminalId }) =>
      answer(async () => {
        await terminals.release(terminalId);
        return {};
      }),
    createElicitation: (params, key) => answer(() => elicitations.create(params, key ?? null)),
    completeElicitation: (elicitationId) => elicitations.complete(elicitationId),
    takeReasons() {
      const { reasons } = place.kept;
      if (reasons.length > 0) place.keep({ reasons: [] });
      return reasons;
    },
    async endTurn() {
      grants.clear();
      if (signal().aborted && signal().reason !== 'close') await terminals.stopAll();
    },
  };
}
