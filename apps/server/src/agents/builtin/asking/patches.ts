import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { replaceText } from '../tools/edit-file/replace.ts';
import type { EditFileInput } from '../tools/edit-file/schema.ts';
import { resolveInside, type WorkspacePath } from '../tools/paths.ts';
import { decodeText, diffView } from '../tools/text-file.ts';
import { type ToolContext, ToolFailure } from '../tools/tool.ts';
import type { WriteFileInput } from '../tools/write-file/schema.ts';

/** One file's change. Where the two are too large to be compared, all that the file will hold. */
export interface FilePatch {
  readonly path: string;
  readonly patch: string;
  /** Where it is in truth, relative to the workspace: a link can have an innocent name. */
  readonly realPath: string;
}

/** The change that `write_file` would make. */
export async function writePatch(
  { path, content }: WriteFileInput,
  context: ToolContext,
): Promise<FilePatch> {
  const target = await resolveInside(context, path);
  return {
    ...patchOf(target.shown, await textBefore(target, context), content),
    realPath: await realPathOf(target, context),
  };
}

/** The change that `edit_file` would make. Throws `ToolFailure` where the text is not there. */
export async function editPatch(input: EditFileInput, context: ToolContext): Promise<FilePatch> {
  const { path, old_text: oldText, new_text: newText, replace_all: isEvery = false } = input;
  const target = await resolveInside(context, path);
  const before = decodeText(await context.host.do(({ files }) => files.read(target.real)), target.shown);
  const cover = context.secrets.redactor().text;
  const { content } = replaceText(before, { oldText, newText, isEvery, cover });
  return { ...patchOf(target.shown, before, content), realPath: await realPathOf(target, context) };
}

// What is no text, or too large to be read, is said to be replaced as a whole.
async function textBefore({ real, shown }: WorkspacePath, { host }: ToolContext): Promise<string> {
  try {
    return decodeText(await host.do(({ files }) => files.read(real)), shown);
  } catch (thrown) {
    if (FarhandError.is(thrown, 'file.not_found')) return '';
    if (thrown instanceof ToolFailure || FarhandError.is(thrown, 'file.too_large'))
      return '(not text, or too large to be shown)\n';
    throw thrown;
  }
}

async function realPathOf({ real }: WorkspacePath, { directory, host }: ToolContext): Promise<string> {
  return posix.relative(await host.do(({ files }) => files.realpath(directory)), real);
}

function patchOf(path: string, before: string, after: string): Omit<FilePatch, 'realPath'> {
  const view = diffView(path, before, after);
  if (view?.kind === 'diff') return { path, patch: view.patch };
  const sum = (text: string) => createHash('sha256').update(text).digest('hex');
  // Nothing is cut: a yes to a beginning would be one to an end that nobody saw.
  const lines = after.split('\n');
  const head = [`--- ${path}`, `+++ ${path}`, `@@ -1 +1,${lines.length} @@`];
  const rest = [
    '\\ The change is too large to be compared: this is the whole file as it will be.',
    `\\ SHA-256 before ${sum(before)}, after ${sum(after)}`,
  ];
  return { path, patch: [...head, ...lines.map((line) => `+${line}`), ...rest, ''].join('\n') };
}
