import { z } from 'zod';
import { searchHit } from '../../model/search.ts';
import { call } from './call.ts';

/** Calls that search. See `calls`. */
export const searchCalls = {
  /** Words in transcripts and in terminals of all hosts; at most `limit`. */
  'search.query': call(
    z.object({ text: z.string().min(1).max(256), limit: z.number().int().min(1).max(100).default(30) }),
    z.object({ hits: z.array(searchHit) }),
  ),
} as const;
