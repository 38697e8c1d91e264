import { newId, type TurnId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import type { AgentSession } from '../../agent.ts';
import { cutTo, MOST_CALL_TEXT } from './bounds.ts';
import { imageUrl, partText } from './content-text.ts';
import { shownPath } from './shown-path.ts';
import type { ContentPart } from './tool-call-fields.ts';

type UserItem = Extract<TranscriptItem, { kind: 'user_message' }>;

const MOST_ATTACHMENTS = 20;

/**
 * What the agent says that the user said. In a turn that works it is the echo of the prompt, which the transcript has
 * already; otherwise it is a conversation of before that is played back.
 */
export class UserMessages {
  readonly #session: AgentSession;
  #item: UserItem | null = null;
  #messageId: string | null = null;
  #seen: { turnId: TurnId; isEcho: boolean } | null = null;

  constructor(session: AgentSession) {
    this.#session = session;
  }

  /** True where it is shown. */
  push(part: ContentPart, turnId: TurnId, messageId: string | null): boolean {
    if (this.#isEcho(turnId)) return false;
    if (this.#item === null || (messageId !== null && this.#messageId !== messageId)) {
      const at = new Date().toISOString();
      this.#item = { id: newId('item'), turnId, at, kind: 'user_message', text: '' };
      this.#messageId = messageId;
    }
    this.#item = this.#with(this.#item, part);
    this.#session.transcript.put(this.#item);
    return true;
  }

  /** Something else follows: the next one is another message. */
  end(): void {
    this.#item = null;
  }

  endTurn(): void {
    this.end();
    this.#seen = null;
  }

  #isEcho(turnId: TurnId): boolean {
    if (this.#seen?.turnId === turnId) return this.#seen.isEcho;
    const isEcho = this.#session
      .readItems()
      .some((item) => item.kind === 'turn' && item.turnId === turnId && item.state === 'working');
    this.#seen = { turnId, isEcho };
    return isEcho;
  }

  #with(item: UserItem, part: ContentPart): UserItem {
    const { directory } = this.#session.place;
    const attachments = item.attachments ?? [];
    const hasRoom = attachments.length < MOST_ATTACHMENTS;
    const url = part.type === 'image' ? imageUrl(part) : null;
    if (url !== null && hasRoom)
      return { ...item, attachments: [...attachments, { kind: 'image', url, name: null }] };
    if (part.type === 'resource_link' && part.uri.startsWith('file://') && hasRoom)
      return {
        ...item,
        attachments: [...attachments, { kind: 'file', path: shownPath(directory, part.uri) }],
      };
    const text = this.#session.secrets.redactor().text(item.text + partText(part, directory));
    return { ...item, text: cutTo(text, MOST_CALL_TEXT) };
  }
}
