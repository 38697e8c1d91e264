import { toolKind } from '@farhand/shared/model/transcripts';
import { z } from 'zod';

const MOST_CONTENTS = 100;
const MOST_LOCATIONS = 50;

const resource = z.union([
  z.object({ uri: z.string(), text: z.string() }),
  z.object({ uri: z.string(), blob: z.string() }),
]);

/** A part of a message or of what a tool gave. */
export const contentBlock = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image'), data: z.string(), mimeType: z.string(), uri: z.string().nullish() }),
  z.object({ type: z.literal('audio'), mimeType: z.string() }),
  z.object({
    type: z.literal('resource_link'),
    uri: z.string(),
    name: z.string(),
    title: z.string().nullish(),
  }),
  z.object({ type: z.literal('resource'), resource }),
]);
export type ContentPart = z.infer<typeof contentBlock>;

const callContent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('content'), content: contentBlock }),
  z.object({
    type: z.literal('diff'),
    path: z.string(),
    oldText: z.string().nullish(),
    newText: z.string(),
  }),
  z.object({ type: z.literal('terminal'), terminalId: z.string() }),
]);
export type CallContent = z.infer<typeof callContent>;

/** A list of which the entries that do not fit are left out. */
const listOf = <Entry extends z.ZodType>(entry: Entry, most: number) =>
  z
    .array(z.unknown())
    .transform((given) =>
      given.slice(0, most).flatMap((one) => {
        const parsed = entry.safeParse(one);
        return parsed.success ? [parsed.data] : [];
      }),
    )
    .nullish()
    .catch(undefined);

const terminalMeta = z
  .object({
    terminal_output: z.object({ data: z.string() }).optional().catch(undefined),
    terminal_exit: z
      .object({ exit_code: z.number().int().nullish(), signal: z.string().nullish() })
      .optional()
      .catch(undefined),
  })
  .nullish()
  .catch(undefined);

/**
 * What is told of a tool call at once. A field that an agent got wrong counts as not told. `_meta` carries the output of
 * commands that some agents run themselves: pieces of it, then the exit.
 */
export const toolCallFields = z.object({
  toolCallId: z.string().min(1).max(1000),
  title: z.string().nullish().catch(undefined),
  name: z.string().nullish().catch(undefined),
  kind: toolKind.nullish().catch(undefined),
  status: z.enum(['pending', 'in_progress', 'completed', 'failed']).nullish().catch(undefined),
  content: listOf(callContent, MOST_CONTENTS),
  locations: listOf(
    z.object({ path: z.string(), line: z.number().int().nullish().catch(undefined) }),
    MOST_LOCATIONS,
  ),
  rawInput: z.unknown().optional(),
  rawOutput: z.unknown().optional(),
  _meta: terminalMeta,
});
export type ToolCallFields = z.infer<typeof toolCallFields>;

/** All that was told of a call so far. */
export type CallFacts = Omit<ToolCallFields, 'toolCallId' | '_meta'>;
const FACTS = ['title', 'name', 'kind', 'status', 'content', 'locations', 'rawInput', 'rawOutput'] as const;

/** True where something is told; an update can be about output alone. */
export function hasNews(fields: CallFacts): boolean {
  return FACTS.some((name) => fields[name] !== undefined && fields[name] !== null);
}

const isDiff = ({ type }: CallContent): boolean => type === 'diff';
const RANK = { pending: 0, in_progress: 1, completed: 2, failed: 2 } as const;

/** The facts with these fields added; what is absent stays. A call never goes back from an end, whatever comes late, and keeps the changes that it showed. */
export function withFields(facts: CallFacts, fields: Partial<ToolCallFields>): CallFacts {
  const told = FACTS.filter((name) => fields[name] !== undefined && fields[name] !== null);
  const next: CallFacts = { ...facts, ...Object.fromEntries(told.map((name) => [name, fields[name]])) };
  const [before, after] = [facts.status, next.status];
  if (before && after && RANK[after] < RANK[before]) next.status = before;
  // Some agents put “done” in the place of the change that they made.
  const changes = facts.content?.filter(isDiff) ?? [];
  if (fields.content && changes.length > 0 && !fields.content.some(isDiff))
    next.content = [...changes, ...fields.content];
  return next;
}
