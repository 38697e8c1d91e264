import { newId, type TurnId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';

type Notice = Extract<TranscriptItem, { kind: 'notice' }>;

/** One line for the person, where it happened. */
export function notice(turnId: TurnId, level: Notice['level'], text: string): Notice {
  return { id: newId('item'), turnId, at: new Date().toISOString(), kind: 'notice', level, text };
}
