import { z } from 'zod';
import { type MarkdownFile, oneLine } from '../workspace-files/markdown-folder.ts';
import { BUILT_IN } from './built-in.ts';

export const COMMAND_FOLDER = '.farhand/commands';

/** What stands for a longer prompt. */
export interface Command {
  readonly name: string;
  readonly description: string;
  /** What may follow the name; null for nothing. */
  readonly hint: string | null;
  /** Of the profile that does it; null for the one that is chosen. */
  readonly profile: string | null;
  readonly model: string | null;
  /** With `$ARGUMENTS` and `$1` to `$9`. */
  readonly body: string;
}

const short = (longest: number) => z.string().max(longest).transform(oneLine).optional();
const fields = z.object({
  description: short(1000),
  'argument-hint': short(200),
  hint: short(200),
  profile: short(64),
  agent: short(64),
  model: short(200),
});

/** The command of a file, or what is wrong with it. */
export function readCommand({ name, path, fields: given, body }: MarkdownFile): Command | string {
  if (BUILT_IN.some((one) => one.name === name)) return `${path} is left out: /${name} is built in.`;
  if (body === '') return `${path} is left out: it has no text.`;
  const parsed = fields.safeParse(given);
  if (!parsed.success) return `${path} is left out: ${oneLine(z.prettifyError(parsed.error))}`;
  const { description, hint, profile, agent, model } = parsed.data;
  return {
    name,
    description: description || oneLine(body.split('\n')[0] ?? ''),
    hint: parsed.data['argument-hint'] || hint || null,
    profile: profile || agent || null,
    model: model || null,
    body,
  };
}
