import type { Redactor } from '../../../../secrets/redactor.ts';
import { resolveInside, type WorkspacePath } from '../paths.ts';
import { decodeText } from '../text-file.ts';
import { type Tool, ToolFailure, type ToolResult } from '../tool.ts';
import { imageType, LARGEST_IMAGE_BYTES } from './image.ts';
import { DEFAULT_LINES, type ReadFileInput, readFileInput } from './schema.ts';
import { fileView, imageView, readFileTitle } from './view.ts';

const LARGEST_FILE_BYTES = 16 * 1024 * 1024;
const LONGEST_LINE = 2000;
/** Characters given to the model at once. */
const LONGEST_TEXT = 60_000;

/** Text with line numbers, or an image to look at. */
export const readFile: Tool<ReadFileInput> = {
  name: 'read_file',
  description:
    'Reads a text file with line numbers, or looks at an image (png, jpeg, gif, webp). Long files are read in ranges.',
  input: readFileInput,
  effect: 'read',
  use: 'look',
  title: readFileTitle,
  async run(input, context) {
    const path = await resolveInside(context, input.path);
    const bytes = await context.host.do(({ files }) =>
      files.read(path.real, { limit: LARGEST_FILE_BYTES + 1 }),
    );
    if (bytes.length > LARGEST_FILE_BYTES)
      throw new ToolFailure(`${path.shown} is larger than 16 MiB; use bash to read parts of it.`);
    const mediaType = imageType(bytes);
    return mediaType
      ? showImage(path, bytes, mediaType)
      : showText(path, decodeText(bytes, path.shown), { input, redactor: context.secrets.redactor() });
  },
};

function showImage({ shown }: WorkspacePath, bytes: Uint8Array, mediaType: string): ToolResult {
  if (bytes.length > LARGEST_IMAGE_BYTES)
    throw new ToolFailure(`${shown} is an image of ${bytes.length} bytes, which is too large to look at.`);
  const image = { mediaType, base64: Buffer.from(bytes).toString('base64') };
  return {
    text: `The image ${shown} (${mediaType}, ${bytes.length} bytes).`,
    images: [image],
    view: imageView(shown, image),
  };
}

interface Reading {
  readonly input: ReadFileInput;
  readonly redactor: Redactor;
}

function showText(
  { shown }: WorkspacePath,
  content: string,
  { input: { offset = 1, limit = DEFAULT_LINES }, redactor }: Reading,
): ToolResult {
  // Covered before a long line is cut: the first half of a secret would not be known for what it is.
  const clip = (line: string) => clipped(redactor.text(line));
  if (content === '') return { text: `${shown} is empty.`, view: fileView(shown, '', 1) };
  const lines = content.split('\n');
  // What follows the last line break is no line.
  if (lines.at(-1) === '') lines.pop();
  if (offset > lines.length)
    throw new ToolFailure(`${shown} has ${lines.length} lines; there is no line ${offset}.`);
  const numbered: string[] = [];
  let length = 0;
  for (const line of lines.slice(offset - 1, offset - 1 + limit)) {
    const shownLine = `${String(offset + numbered.length).padStart(6)}\t${clip(line.replace(/\r$/, ''))}`;
    length += shownLine.length + 1;
    if (length > LONGEST_TEXT && numbered.length > 0) break;
    numbered.push(shownLine);
  }
  const next = offset + numbered.length;
  const more = next <= lines.length ? `\n[${lines.length} lines in all; go on with offset ${next}]` : '';
  const text = lines
    .slice(offset - 1, next - 1)
    .map(clip)
    .join('\n');
  return { text: numbered.join('\n') + more, view: fileView(shown, text, offset) };
}

function clipped(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}… [${line.length} characters]` : line;
}
