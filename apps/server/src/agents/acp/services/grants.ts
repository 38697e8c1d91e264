import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import { isEnded } from '../updates/draw-call.ts';

/** One file's change as it was shown; `oldText` may be a part of the file only. */
export interface ShownEdit {
  readonly path: string;
  readonly oldText: string | null;
  readonly newText: string;
}

interface Grant {
  readonly toolCallId: string;
  readonly command: { readonly text: string; readonly cwd: string } | null;
  readonly edits: readonly ShownEdit[];
}

/**
 * Tool calls that were allowed, so that what they then do by our services is not asked for a second time. A grant covers
 * only what was shown: this very command, once; this very change of a file. It ends with its call and its turn.
 */
export class Grants {
  readonly #find: (toolCallId: string) => ToolCallItem | null;
  #grants: Grant[] = [];

  constructor(find: (toolCallId: string) => ToolCallItem | null) {
    this.#find = find;
  }

  add(grant: Grant): void {
    this.#grants = [...this.#open().filter(({ toolCallId }) => toolCallId !== grant.toolCallId), grant];
  }

  /** True once for a command that was allowed to run there. */
  takeCommand(words: readonly string[], cwd: string): boolean {
    const grant = this.#open().find(
      ({ command }) => command !== null && command.cwd === cwd && isSame(words, command.text),
    );
    this.#grants = this.#grants.filter((one) => one !== grant);
    return grant !== undefined;
  }

  /** True where this change of a file was shown: `after` is what `before` becomes by it. */
  coversWrite(path: string, before: string, after: string): boolean {
    return this.#open().some(({ edits }) => {
      const ofFile = edits.filter((edit) => edit.path === path);
      return ofFile.length > 0 && becomes(before, after, ofFile);
    });
  }

  clear(): void {
    this.#grants = [];
  }

  #open(): Grant[] {
    return this.#grants.filter(({ toolCallId }) => {
      const item = this.#find(toolCallId);
      return item !== null && !isEnded(item);
    });
  }
}

// As it was shown, or given to a shell as one word.
function isSame(words: readonly string[], shown: string): boolean {
  const last = words.at(-1);
  const isShell = /^(?:.*\/)?(?:ba|z|da|k)?sh$/.test(words[0] ?? '');
  if (words.length === 3 && isShell && /^-l?i?c$/.test(words[1] ?? '') && last === shown) return true;
  return words.join(' ') === shown;
}

function becomes(before: string, after: string, edits: readonly ShownEdit[]): boolean {
  if (edits.length === 1 && edits[0]?.newText === after && (edits[0].oldText ?? before) === before)
    return true;
  let text = before;
  for (const { oldText, newText } of edits) {
    if (oldText === null || oldText === '' || !text.includes(oldText)) return false;
    text = text.replace(oldText, () => newText);
  }
  return text === after;
}
