import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalRuntime } from '@farhand/runtime-local/runtime';
import type { AgentControls } from '@farhand/shared/model/agents';
import type { ApprovalDecision } from '@farhand/shared/model/approvals';
import { LOCAL_HOST } from '@farhand/shared/model/hosts';
import { newId, type TurnId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import { type ToolCallItem, type TranscriptItem, transcriptItem } from '@farhand/shared/model/transcripts';
import { grow } from '@farhand/shared/protocol/fold';
import { createRedactor } from '../../../../secrets/redactor.ts';
import type { AgentSession, ApprovalRequest } from '../../../agent.ts';

type Answer = (request: ApprovalRequest) => ApprovalDecision | 'wait';

export const ALLOWED: ApprovalDecision = { kind: 'allowed', scope: 'once', command: null };

/** A session in a folder of its own, with this machine's real runtime, its transcript in memory, and approvals answered by `answer`. */
export class TestSession {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'farhand-acp-')));
  readonly directory = join(this.folder, 'work');
  readonly runtime = createLocalRuntime({ home: this.folder, environment: { PATH: process.env.PATH } });
  readonly asked: ApprovalRequest[] = [];
  readonly said: Partial<Session>[] = [];
  readonly session: AgentSession;
  turnId: TurnId = newId('turn');
  filesChanged = 0;
  answer: Answer = () => ALLOWED;
  secrets: Record<string, string> = {};
  readonly #items = new Map<string, TranscriptItem>();
  #controls: AgentControls | null = null;

  constructor() {
    mkdirSync(this.directory);
    const { directory, runtime } = this;
    this.session = {
      sessionId: newId('session'),
      agent: 'custom-test',
      place: {
        workspaceId: newId('workspace'),
        projectId: newId('project'),
        hostId: LOCAL_HOST,
        directory,
        runtime,
        sandbox: () => 'none',
        stopJob: async (jobId) => ({ state: 'done', exit: await runtime.jobs.stop(jobId) }),
        openTerminal: () => Promise.reject(new Error('no terminal in this test')),
      },
      secrets: { environment: () => this.secrets, redactor: () => createRedactor(this.secrets) },
      transcript: {
        put: (item) => void this.#items.set(item.id, transcriptItem.parse(item)),
        append: (itemId, field, text) => this.#append(itemId, field, text),
        flush: () => {},
        together: (work) => work(),
        alongside: () => () => {},
      },
      readItems: () => this.items,
      approvals: { ask: (request, signal) => this.#ask(request, signal) },
      controls: { get: () => this.#controls, set: (controls) => void (this.#controls = controls) },
      reports: {
        contactLost: () => {},
        filesChanged: () => void (this.filesChanged += 1),
        session: (change) => void this.said.push(change),
      },
    };
  }

  get items(): TranscriptItem[] {
    return [...this.#items.values()];
  }

  get calls(): ToolCallItem[] {
    return this.items.filter((item) => item.kind === 'tool_call');
  }

  get texts(): string[] {
    return this.items.flatMap((item) =>
      item.kind === 'text' || item.kind === 'reasoning'
        ? [`${item.kind}${item.done ? '' : '…'}: ${item.text}`]
        : [],
    );
  }

  /** Begins a turn, as the server does before it asks an agent. */
  beginTurn(text = 'hello'): TurnId {
    this.turnId = newId('turn');
    const base = { turnId: this.turnId, at: new Date().toISOString() };
    this.session.transcript.put({ ...base, id: newId('item'), kind: 'user_message', text });
    const usage = { input: 0, output: 0, cachedInput: 0 };
    this.session.transcript.put({
      ...base,
      id: newId('item'),
      kind: 'turn',
      state: 'working',
      model: 'test',
      usage,
      endedAt: null,
      error: null,
      retry: null,
    });
    return this.turnId;
  }

  async close(): Promise<void> {
    for (const { id } of await this.runtime.jobs.list()) await this.runtime.jobs.remove(id);
    await this.runtime.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #append(itemId: string, field: 'text' | 'output', text: string): void {
    const item = this.#items.get(itemId);
    if (!item) throw new Error(`there is no item ${itemId}`);
    const at =
      'text' in item && field === 'text' ? item.text.length : 'output' in item ? item.output.length : 0;
    const grown = grow(item, { itemId: item.id, field, at, text });
    if (!grown) throw new Error(`${item.kind} has no ${field} that grows`);
    this.#items.set(itemId, grown);
  }

  // As the approvals domain: who is stopped, or closed upon, gets no decision.
  async #ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalDecision> {
    this.asked.push(request);
    const answer = signal.aborted ? 'wait' : this.answer(request);
    if (answer !== 'wait') return answer;
    return await new Promise((resolve) => {
      const onAbort = () => resolve({ kind: 'void', reason: 'nobody decided' });
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
