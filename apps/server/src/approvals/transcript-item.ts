import type { Approval } from '@farhand/shared/model/approvals';
import { type ItemId, itemId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';

/** The question as its transcript shows it, with its answer where there is one; null where it belongs to no turn. */
export function transcriptItemOf(value: Approval): TranscriptItem | null {
  const { id, turnId, askedAt, title, subject, decision, decidedBy, decidedAt } = value;
  if (turnId === null) return null;
  const item = { id: itemIdOf(id), turnId, at: askedAt, kind: 'approval' as const };
  return { ...item, approvalId: id, title, subject, decision, decidedBy, decidedAt };
}

// Made of the question's own id, so that the item is found again after a restart and is there once.
function itemIdOf(id: Approval['id']): ItemId {
  return itemId.parse(id.replace(/^apr_/, 'itm_'));
}
