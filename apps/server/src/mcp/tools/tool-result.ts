import type { CallToolResult } from '@modelcontextprotocol/client';
import type { ToolImage } from '../../agents/builtin/messages.ts';
import { cutMiddle } from '../../agents/builtin/tools/cut.ts';
import { imageType } from '../../agents/builtin/tools/read-file/image.ts';
import type { ToolResult } from '../../agents/builtin/tools/tool.ts';

/** What the model reads of one result, in characters. */
const READ = { head: 20_000, tail: 10_000 };
const MOST_IMAGES = 4;
/** As base64; larger ones are refused by providers. */
const LONGEST_IMAGE = 5 * 1024 * 1024;

/** A server's result as the model is given it: bounded, other media named only. */
export function toolResult(
  { content = [], structuredContent, isError }: CallToolResult,
  cover: (text: string) => string,
): ToolResult {
  const images: ToolImage[] = [];
  const texts = content.map((block) => {
    switch (block.type) {
      case 'text':
        return block.text;
      case 'image': {
        const mediaType = typeOf(block.data);
        if (mediaType === null || images.length >= MOST_IMAGES)
          return `[an image (${named(block.mimeType)}) was left out]`;
        images.push({ mediaType, base64: block.data });
        return '';
      }
      case 'audio':
        return `[audio (${named(block.mimeType)}) was left out]`;
      case 'resource_link':
        return `[a link to ${named(block.uri)}]`;
      case 'resource':
        return 'text' in block.resource
          ? block.resource.text
          : `[the file ${named(block.resource.uri)} was left out]`;
      default:
        return '';
    }
  });
  const said = texts.filter((text) => text !== '').join('\n');
  const structured = structuredContent === undefined ? '' : (JSON.stringify(structuredContent) ?? '');
  // Half a secret is not known for one: it is covered before it is cut.
  const text = cutMiddle(
    cover(said || structured),
    READ,
    (omitted) => `[… ${omitted} characters left out …]`,
  );
  const nothing = images.length > 0 ? 'See the image.' : '(no output)';
  return { text: text || nothing, images, state: isError === true ? 'failed' : 'done' };
}

// Told by its bytes: one that a provider does not take would fail each request from then on.
function typeOf(data: string): string | null {
  if (data.length > LONGEST_IMAGE || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) return null;
  return imageType(Buffer.from(data, 'base64'));
}

function named(foreign: string): string {
  return foreign.replace(/[\s\p{Cc}]+/gu, ' ').slice(0, 200);
}
