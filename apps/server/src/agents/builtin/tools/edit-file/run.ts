import { resolveInside } from '../paths.ts';
import { decodeText } from '../text-file.ts';
import type { Tool } from '../tool.ts';
import { replaceText } from './replace.ts';
import { type EditFileInput, editFileInput } from './schema.ts';
import { editFileTitle, editFileView } from './view.ts';

/** Replaces one text in a file, or each occurrence of it. */
export const editFile: Tool<EditFileInput> = {
  name: 'edit_file',
  description:
    'Replaces a text in a file. old_text must be exactly what is in the file, without line numbers, and be there once.',
  input: editFileInput,
  effect: 'change',
  title: editFileTitle,
  async run({ path, old_text: oldText, new_text: newText, replace_all: isEvery = false }, context) {
    const target = await resolveInside(context, path);
    const before = decodeText(await context.host.do(({ files }) => files.read(target.real)), target.shown);
    const { content, count } = replaceText(before, {
      oldText,
      newText,
      isEvery,
      cover: context.secrets.redactor().text,
    });
    await context.host.do(({ files }) => files.write(target.real, new TextEncoder().encode(content)));
    const times = count === 1 ? 'one place' : `${count} places`;
    return {
      text: `Changed ${target.shown} in ${times}.`,
      view: editFileView(target.shown, before, content),
    };
  },
};
