import { z } from 'zod';
import { itemId, sessionId, terminalId, workspaceId } from './ids.ts';

const place = {
  workspaceId,
  /** Around the match, at most 200 characters; matched words stand between U+E000 and U+E001. */
  snippet: z.string(),
  at: z.string(),
};

/** Where a search found something, best first. */
export const searchHit = z.discriminatedUnion('kind', [
  z.object({ ...place, kind: z.literal('transcript'), sessionId, itemId }),
  z.object({ ...place, kind: z.literal('terminal'), terminalId }),
]);
export type SearchHit = z.infer<typeof searchHit>;
