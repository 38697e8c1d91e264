import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { resolveInside, type WorkspacePath } from '../paths.ts';
import { decodeText } from '../text-file.ts';
import { type Tool, type ToolContext, ToolFailure } from '../tool.ts';
import { type WriteFileInput, writeFileInput } from './schema.ts';
import { writeFileTitle, writeFileView } from './view.ts';

/** Replaces or makes one file; its mode is kept. */
export const writeFile: Tool<WriteFileInput> = {
  name: 'write_file',
  description:
    'Writes a whole file, new or in place of the old one. To change a part of a file, use edit_file.',
  input: writeFileInput,
  effect: 'change',
  title: writeFileTitle,
  async run({ path, content }, context) {
    const target = await resolveInside(context, path);
    const before = await textBefore(target, context);
    const bytes = new TextEncoder().encode(content);
    await context.host.do(({ files }) => files.write(target.real, bytes));
    const lines = content === '' ? 0 : content.replace(/\n$/, '').split('\n').length;
    const text = `${before === null ? 'Made' : 'Replaced'} ${target.shown} (${lines} lines).`;
    return { text, view: writeFileView(target.shown, before ?? '', content) };
  },
};

// Null where there was no file. What is no text has no diff worth showing, so it counts as empty.
async function textBefore({ real, shown }: WorkspacePath, { host }: ToolContext): Promise<string | null> {
  try {
    return decodeText(await host.do(({ files }) => files.read(real)), shown);
  } catch (thrown) {
    if (FarhandError.is(thrown, 'file.not_found')) return null;
    if (thrown instanceof ToolFailure || FarhandError.is(thrown, 'file.too_large')) return '';
    throw thrown;
  }
}
