import type { ApprovalSubject } from '@farhand/shared/model/approvals';
import type { ToolKind } from '@farhand/shared/model/transcripts';
import { z } from 'zod';
import { bashInput } from '../tools/bash/schema.ts';
import { editFileInput } from '../tools/edit-file/schema.ts';
import type { AnyTool, ToolContext } from '../tools/tool.ts';
import { writeFileInput } from '../tools/write-file/schema.ts';
import { editPatch, type FilePatch, writePatch } from './patches.ts';

/** What a call would do, for a person to decide; secrets are not covered yet. */
export interface CallSubject {
  readonly title: string;
  readonly subject: ApprovalSubject;
  readonly effect: ToolKind;
  readonly paths: readonly string[];
  readonly canEdit: boolean;
}

/** The longest first line of a command in a question's title. */
const TITLE = 120;

/**
 * What is asked before this call runs; null for one that needs no asking. An edit's diff is made from the file as it now
 * is. Throws as the tool does where the call cannot work.
 */
export async function callSubject(
  tool: AnyTool,
  input: unknown,
  context: ToolContext,
): Promise<CallSubject | null> {
  if (tool.effect === 'read') return readSubject(tool.name, input);
  switch (tool.name) {
    case 'bash':
      return commandSubject(bashInput.parse(input).command);
    case 'write_file':
      return editSubject(await writePatch(writeFileInput.parse(input), context));
    case 'edit_file':
      return editSubject(await editPatch(editFileInput.parse(input), context));
    default: {
      const subject = { kind: 'tool' as const, tool: tool.name, input: JSON.stringify(input, null, 2) };
      return { title: `Use ${tool.name}`, subject, effect: 'other', paths: [], canEdit: false };
    }
  }
}

/** What the tools that look at files do with them; the others look only at what the agent has already. */
const READS: Readonly<Record<string, string>> = { read_file: 'Read', list_files: 'List', search: 'Search' };
const readInput = z.object({ path: z.string().default('.'), pattern: z.string().optional() });

function readSubject(tool: string, input: unknown): CallSubject | null {
  const verb = READS[tool];
  if (verb === undefined) return null;
  const { path, pattern } = readInput.parse(input);
  const title = pattern === undefined ? `${verb} ${path}` : `${verb} ${path} for ${pattern.slice(0, TITLE)}`;
  return { title, subject: { kind: 'read', path }, effect: 'read', paths: [path], canEdit: false };
}

function commandSubject(command: string): CallSubject {
  const [first = '', ...more] = command.trim().split('\n');
  const isCut = more.length > 0 || first.length > TITLE;
  return {
    title: `Run ${first.slice(0, TITLE)}${isCut ? ' …' : ''}`,
    subject: { kind: 'command', command },
    effect: 'execute',
    paths: [],
    canEdit: true,
  };
}

function editSubject({ path, patch, realPath }: FilePatch): CallSubject {
  return {
    title: `Change ${path}`,
    subject: { kind: 'edit', files: [{ path, patch }] },
    effect: 'edit',
    paths: [path, realPath],
    canEdit: false,
  };
}
