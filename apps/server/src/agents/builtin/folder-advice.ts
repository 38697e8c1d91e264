import { posix } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Message } from './messages.ts';
import { type PathRoot, resolveInside } from './tools/paths.ts';
import type { AnyTool, ToolContext, ToolResult } from './tools/tool.ts';

/** Room for the advice of one folder, in bytes. */
const LONGEST = 16 * 1024;
/** A path has no more folders than this that are looked into. */
const DEEPEST = 32;
const FILE = 'AGENTS.md';

/** The advice of folders below the root, told once in a conversation: with the first file of the folder that is read or changed. */
export class FolderAdvice {
  readonly #told: Set<string>;
  readonly #without = new Set<string>();

  constructor(messages: readonly Message[]) {
    const texts = messages.flatMap((message) => (message.role === 'tool' ? [message.text] : []));
    const found = texts.flatMap((text) => [...text.matchAll(/^<folder_advice path="([^"\n]+)">$/gm)]);
    this.#told = new Set(found.map((match) => match[1] ?? ''));
  }

  /** The same tool, whose results bring the advice that is new for the file at `path` of its input. */
  around(tool: AnyTool): AnyTool {
    return {
      ...tool,
      prepare: (input) => {
        const prepared = tool.prepare(input);
        if (typeof prepared === 'string') return prepared;
        return {
          ...prepared,
          run: async (context) => this.#add(await prepared.run(context), pathOf(input), context),
        };
      },
    };
  }

  async #add(result: ToolResult, path: string | null, context: ToolContext): Promise<ToolResult> {
    if (path === null || (result.state ?? 'done') !== 'done') return result;
    const advice = await this.#newFor(path, context);
    return advice === '' ? result : { ...result, text: `${result.text}\n\n${advice}` };
  }

  // Of the nearest folder that has any; that of the root is in the system prompt.
  async #newFor(path: string, context: ToolContext): Promise<string> {
    const { shown } = await resolveInside(context, path);
    if (posix.basename(shown) === FILE) this.#told.add(shown);
    let folder = posix.dirname(shown);
    for (let depth = 0; depth < DEEPEST && folder !== '.' && folder !== '/'; depth += 1) {
      const at = `${folder}/${FILE}`;
      if (this.#told.has(at)) return '';
      if (!this.#without.has(folder)) {
        // Before the read: calls of one answer run together, and one of them tells it.
        this.#told.add(at);
        const text = await readAdviceFile(context, at, LONGEST);
        if (text !== null) return `<folder_advice path=${JSON.stringify(at)}>\n${text}\n</folder_advice>`;
        this.#told.delete(at);
        this.#without.add(folder);
      }
      folder = posix.dirname(folder);
    }
    return '';
  }
}

/** An AGENTS.md as data for the model: it cannot close the element that it is put into. Null where there is none. */
export async function readAdviceFile(root: PathRoot, path: string, limit: number): Promise<string | null> {
  try {
    const { real } = await resolveInside(root, path);
    const bytes = await root.host.do(({ files }) => files.read(real, { limit: limit + 1 }));
    const text = new TextDecoder()
      .decode(bytes.subarray(0, limit))
      .replace(/<\/(repository|folder)_advice>/g, '[/$1_advice]');
    return bytes.length > limit ? `${text}\n[… cut; read_file reads the rest]` : text;
  } catch (thrown) {
    if (FarhandError.is(thrown) && thrown.code.startsWith('file.')) return null;
    throw thrown;
  }
}

function pathOf(input: unknown): string | null {
  if (typeof input !== 'object' || input === null || !('path' in input)) return null;
  return typeof input.path === 'string' ? input.path : null;
}
