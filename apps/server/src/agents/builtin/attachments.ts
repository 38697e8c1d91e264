import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Attachment } from '@farhand/shared/model/agents';
import type { AgentTurn } from '../agent.ts';
import type { ToolImage } from './messages.ts';
import type { SteadyHost } from './steady-host.ts';
import { resolveInside } from './tools/paths.ts';
import { imageType, LARGEST_IMAGE_BYTES } from './tools/read-file/image.ts';
import { decodeText } from './tools/text-file.ts';
import { ToolFailure } from './tools/tool.ts';

/** Of each file that is put before a prompt; the rest can be read with read_file. */
const LONGEST_FILE = 256 * 1024;
/** In bytes. */
const LONGEST_SECRET = 64 * 1024;

/** Attachments in the form in which a model takes them. */
export interface Attached {
  /** The texts of the files, each in an element of its own; empty for none. */
  readonly text: string;
  readonly images: readonly ToolImage[];
}

/** Reads what is attached to the turn's prompt. What cannot be read is said in its place, to the model too. */
export async function readAttachments(turn: AgentTurn, host: SteadyHost): Promise<Attached> {
  const read = await Promise.all(turn.attachments.map((one) => readOne(one, turn, host)));
  return {
    text: read.flatMap((one) => ('text' in one ? [one.text] : [])).join('\n\n'),
    images: read.flatMap((one) => ('image' in one ? [one.image] : [])),
  };
}

type Read = { readonly text: string } | { readonly image: ToolImage };

async function readOne(attachment: Attachment, turn: AgentTurn, host: SteadyHost): Promise<Read> {
  if (attachment.kind === 'image') return readImage(attachment.url, attachment.name ?? 'image');
  const { path } = attachment;
  try {
    const { real, shown } = await resolveInside({ directory: turn.place.directory, host }, path);
    const bytes = await host.do(({ files }) => files.read(real, { limit: LARGEST_IMAGE_BYTES }));
    const mediaType = imageType(bytes);
    if (mediaType) return { image: { mediaType, base64: Buffer.from(bytes).toString('base64') } };
    const { text: cover } = turn.secrets.redactor();
    // Covered before it is cut: half a secret is not known for one.
    const whole = decodeText(bytes.subarray(0, lastWhole(bytes, LONGEST_FILE + LONGEST_SECRET)), shown);
    const covered = Buffer.from(cover(whole));
    const cut = bytes.length > LONGEST_FILE ? '\n[… cut; read_file reads the rest]' : '';
    const text = covered
      .subarray(0, lastWhole(covered, LONGEST_FILE))
      .toString('utf8')
      .replaceAll('</attached_file>', '[/attached_file]');
    return { text: `<attached_file path=${JSON.stringify(cover(shown))}>\n${text}${cut}\n</attached_file>` };
  } catch (thrown) {
    const isOfFile = FarhandError.is(thrown) && thrown.code.startsWith('file.');
    if (!isOfFile && !(thrown instanceof ToolFailure)) throw thrown;
    return { text: `[The attached file ${JSON.stringify(path)} cannot be read: ${thrown.message}]` };
  }
}

// Where a text that is cut ends, so that no character is cut in two.
function lastWhole(bytes: Uint8Array, most: number): number {
  let end = Math.min(bytes.length, most);
  if (end === bytes.length) return end;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return end;
}

// Told by its bytes: the address came from a browser and may say anything.
function readImage(url: string, name: string): Read {
  const base64 = /^data:[\w.+/-]+;base64,([A-Za-z0-9+/=]+)$/.exec(url)?.[1] ?? '';
  const bytes = Buffer.from(base64, 'base64');
  const mediaType = imageType(bytes);
  if (mediaType === null)
    return { text: `[The attached image ${JSON.stringify(name)} is no png, jpeg, gif or webp.]` };
  if (bytes.length > LARGEST_IMAGE_BYTES)
    return { text: `[The attached image ${JSON.stringify(name)} is too large to look at.]` };
  return { image: { mediaType, base64 } };
}
