import { z } from 'zod';
import { type MarkdownFile, oneLine } from '../workspace-files/markdown-folder.ts';

export const PROFILE_FOLDER = '.farhand/agents';
/** The choice of no profile. */
export const NO_PROFILE = 'none';

/** An agent as a Markdown file of the workspace says it. */
export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** `provider/model`, which may not be known here. */
  readonly model: string | null;
  /** Names of the only tools that it may use, with `*` for any end; null for all. */
  readonly tools: readonly string[] | null;
  /** Put before the work, in Markdown. */
  readonly prompt: string;
}

const short = (longest: number) => z.string().max(longest).transform(oneLine);
const toolName = z
  .string()
  .regex(/^[A-Za-z0-9_.:-]{1,128}\*?$|^\*$/, 'a tool name has letters, digits and _ only');
const fields = z.object({
  name: short(80).optional(),
  description: short(1000).optional(),
  model: short(200).optional(),
  tools: z
    .union([
      z.string().transform((text) =>
        text
          .split(',')
          .map((one) => one.trim())
          .filter(Boolean),
      ),
      z.array(z.string()),
    ])
    .pipe(z.array(toolName).max(200))
    .optional(),
});

/** The profile of a file, or what is wrong with it. */
export function readProfile({ name: id, path, fields: given, body }: MarkdownFile): Profile | string {
  if (id === NO_PROFILE) return `${path} is left out: “${NO_PROFILE}” stands for no profile.`;
  const parsed = fields.safeParse(given);
  if (!parsed.success) return `${path} is left out: ${oneLine(z.prettifyError(parsed.error))}`;
  const { name, description, model, tools } = parsed.data;
  return {
    id,
    name: name || id,
    description: description || null,
    model: model || null,
    tools: tools ?? null,
    prompt: body,
  };
}
