import type { SessionUpdate } from '@agentclientprotocol/sdk';
import type { JobId, TurnId } from '@farhand/shared/model/ids';
import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import type { AgentSession } from '../../agent.ts';
import { type KeptPlace, keptInMemory } from '../connection/kept.ts';
import { CallItems } from './call-items.ts';
import { imageUrl, partText } from './content-text.ts';
import { GrowingText } from './growing-text.ts';
import { PlanItem } from './plan-item.ts';
import { SessionNews } from './session-news.ts';
import { shownPath } from './shown-path.ts';
import { type CallFacts, type ContentPart, contentBlock } from './tool-call-fields.ts';
import { UserMessages } from './user-messages.ts';

/** What an ACP agent tells of its session, as items of the transcript; one per session, it lives between turns. */
export interface UpdateMapper {
  /** In the order in which they came. An update that makes no sense is ignored; it never throws for what an agent sent. */
  apply(update: SessionUpdate): void;
  /** Closes what is still open. */
  endTurn(how: 'done' | 'stopped' | 'failed'): void;
  callItem(toolCallId: string): ToolCallItem | null;
  /** What the agent itself told of a call, nothing redacted; null for one of before a restart. */
  callFacts(toolCallId: string): CallFacts | null;
  /** Resolves when what a terminal wrote until its end is in the items that show it. */
  terminalShown(jobId: JobId): Promise<void>;
  /** Follows terminals no longer; nothing on the host changes. */
  close(): void;
}

/**
 * Maps `session/update`. A new mapper goes on where one of before a restart was: calls are found by their ids, a text at
 * the transcript's end grows on. `turnId` is that of the running turn, between turns of the last one.
 */
export function createUpdateMapper(
  session: AgentSession,
  { turnId, kept = keptInMemory() }: { turnId(): TurnId; kept?: KeptPlace },
): UpdateMapper {
  return new Mapper(session, kept, turnId);
}

class Mapper implements UpdateMapper {
  readonly #session: AgentSession;
  readonly #turnId: () => TurnId;
  readonly #text: GrowingText;
  readonly #user: UserMessages;
  readonly #calls: CallItems;
  readonly #plan: PlanItem;
  readonly #news: SessionNews;

  constructor(session: AgentSession, kept: KeptPlace, turnId: () => TurnId) {
    const items = session.readItems();
    this.#session = session;
    this.#turnId = turnId;
    this.#text = new GrowingText(session, kept, items);
    this.#user = new UserMessages(session);
    this.#calls = new CallItems(session, kept, items);
    this.#plan = new PlanItem(session, items);
    this.#news = new SessionNews(session);
  }

  apply(update: SessionUpdate): void {
    const turnId = this.#turnId();
    switch (update.sessionUpdate) {
      case 'agent_message_chunk':
      case 'agent_thought_chunk':
      case 'user_message_chunk':
        return this.#applyChunk(update, turnId);
      case 'tool_call':
      case 'tool_call_update':
        if (this.#calls.tell(update, turnId, update.sessionUpdate === 'tool_call')) this.#somethingElse();
        if (this.#hasChangedFiles(update)) this.#session.reports.filesChanged();
        return;
      case 'plan':
        if (this.#plan.tell(update, turnId)) this.#somethingElse();
        return;
      default:
        if (this.#news.tell(update, turnId)) this.#somethingElse();
    }
  }

  endTurn(how: 'done' | 'stopped' | 'failed'): void {
    this.#text.end();
    this.#user.endTurn();
    this.#calls.endTurn(how, this.#turnId());
  }

  callItem(toolCallId: string): ToolCallItem | null {
    return this.#calls.item(toolCallId);
  }

  callFacts(toolCallId: string): CallFacts | null {
    return this.#calls.facts(toolCallId);
  }

  terminalShown(jobId: JobId): Promise<void> {
    return this.#calls.settled(jobId);
  }

  close(): void {
    this.#calls.close();
  }

  #applyChunk(update: Chunk, turnId: TurnId): void {
    const parsed = contentBlock.safeParse(update.content);
    if (!parsed.success) return;
    const messageId = typeof update.messageId === 'string' ? update.messageId.slice(0, 1000) : null;
    if (update.sessionUpdate === 'user_message_chunk') {
      if (this.#user.push(parsed.data, turnId, messageId)) this.#text.end();
      return;
    }
    this.#user.end();
    const url = parsed.data.type === 'image' ? imageUrl(parsed.data) : null;
    if (parsed.data.type === 'image' && url !== null) return this.#showImage(parsed.data, url, turnId);
    const kind = update.sessionUpdate === 'agent_message_chunk' ? 'text' : 'reasoning';
    const text = partText(parsed.data, this.#session.place.directory);
    this.#text.push(kind, text, { turnId, messageId });
  }

  #showImage(part: Extract<ContentPart, { type: 'image' }>, url: string, turnId: TurnId): void {
    this.#text.end();
    const path = shownPath(this.#session.place.directory, part.uri ?? '');
    this.#calls.showImage(turnId, { kind: 'image', path, url });
  }

  #somethingElse(): void {
    this.#text.end();
    this.#user.end();
  }

  #hasChangedFiles(update: Extract<SessionUpdate, { toolCallId: string }>): boolean {
    const isEnd = update.status === 'completed' || update.status === 'failed';
    const kind = isEnd ? this.#calls.item(update.toolCallId)?.toolKind : undefined;
    return isEnd && kind !== 'read' && kind !== 'search' && kind !== 'think' && kind !== 'fetch';
  }
}

type Chunk = Extract<
  SessionUpdate,
  { sessionUpdate: 'agent_message_chunk' | 'agent_thought_chunk' | 'user_message_chunk' }
>;
