import { z } from 'zod';
import { coderSource, coderWorkspace } from '../../model/coder.ts';
import { errorInfo } from '../../model/workspaces.ts';
import { call, none } from './call.ts';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/);

/** Calls about Coder's workspaces. See `calls`. */
export const coderCalls = {
  /** The person's own, by name. `source` is null where neither the command nor a token is there; `problem`: why there is no list. */
  'coder.list': call(
    none,
    z.object({
      source: coderSource.nullable(),
      url: z.string().nullable(),
      workspaces: z.array(coderWorkspace),
      problem: errorInfo.nullable(),
    }),
  ),
  /** Begins it and answers; how it goes is in `coder.list`. One that runs is no error. */
  'coder.start': call(z.object({ name }), none),
  /** The same; refused with `coder.in_use` where agents or terminals of ours run there, unless forced. */
  'coder.stop': call(z.object({ name, force: z.boolean().default(false) }), none),
  /** Uses the API from now on. Throws what the first look at it answers, and then keeps nothing. */
  'coder.connect': call(z.object({ url: z.url().max(2000), token: z.string().min(1).max(500) }), none),
  /** Forgets the token; the command is used again. */
  'coder.disconnect': call(none, none),
} as const;
