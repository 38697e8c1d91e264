import { z } from 'zod';

const object = z.string().regex(/^[0-9a-f]{40}$/);

/** What the host says of one moment of a workspace. All of it may be made up by what runs there: it is only ever given back to git there. */
export const moment = z.object({
  /** Of what is kept: the files, the index, and what git was in the middle of. */
  tree: object,
  /** Of the files alone. */
  files: object,
  /** Of the index; null where it holds a conflict. */
  staged: object.nullable(),
  /** Null where nothing is committed. */
  head: object.nullable(),
  /** Full name; null for a detached HEAD. */
  branch: z
    .string()
    .max(500)
    .regex(/^refs\/heads\/\P{Cc}+$/u)
    .nullable(),
  /** A rebase, a series of patches or a bisection. */
  isBusy: z.boolean(),
  /** Paths that are not kept; folders end with a slash. The first 20. */
  left: z.array(z.string()).max(20),
  leftCount: z.number().int().min(0),
});
export type Moment = z.infer<typeof moment>;

/** Reads `key value` records that end with NUL. Throws where the host says something else. */
export function readMoment(output: Uint8Array): Moment {
  const values = new Map<string, string>();
  const left: string[] = [];
  for (const record of new TextDecoder().decode(output).split('\0')) {
    const at = record.indexOf(' ');
    const [key, value] = [record.slice(0, at), record.slice(at + 1)];
    if (key === 'left') left.push(value);
    else if (at > 0) values.set(key, value);
  }
  const text = (key: string) => values.get(key) || null;
  return moment.parse({
    tree: text('tree'),
    files: text('files'),
    staged: text('staged'),
    head: text('head'),
    branch: text('branch'),
    isBusy: text('busy') === '1',
    left: left.slice(0, 20),
    leftCount: Number(text('count') ?? 'none'),
  });
}
