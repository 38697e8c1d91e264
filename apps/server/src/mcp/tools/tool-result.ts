import type { CallToolResult } from '@modelcontextprotocol/client';
import type { ToolImage } from '../../agents/builtin/messages.ts';
import { cutMiddle } from '../../agents/builtin/tools/cut.ts';
import type { ToolResult } from '../../agents/builtin/tools/tool.ts';

/** What the model reads of one result, in characters. */
const READ = { head: 20_000, tail: 10_000 };
const MOST_IMAGES = 4;
/** As base64; larger ones are refused by providers. */
const LONGEST_IMAGE = 5 * 1024 * 1024;
const IMAGE_TYPES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** A server's result as the model is given it: bounded, other media named only. */
export function toolResult({ content = [], structuredContent, isError }: CallToolResult): ToolResult {
  const images: ToolImage[] = [];
  const texts = content.map((block) => {
    switch (block.type) {
      case 'text':
        return block.text;
      case 'image': {
        const fits = IMAGE_TYPES.has(block.mimeType) && block.data.length <= LONGEST_IMAGE;
        if (!fits || images.length >= MOST_IMAGES)
          return `[an image (${named(block.mimeType)}) was left out]`;
        images.push({ mediaType: block.mimeType, base64: block.data });
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
  const text = cutMiddle(said || structured, READ, (omitted) => `[… ${omitted} characters left out …]`);
  const nothing = images.length > 0 ? 'See the image.' : '(no output)';
  return { text: text || nothing, images, state: isError === true ? 'failed' : 'done' };
}

function named(foreign: string): string {
  return foreign.replace(/[\s\p{Cc}]+/gu, ' ').slice(0, 200);
}
