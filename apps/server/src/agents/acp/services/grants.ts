import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import type { Kept, KeptPlace } from '../connection/kept.ts';
import { isEnded } from '../updates/draw-call.ts';

type Grant = Kept['grants'][number];
/** One file's change as it was shown; `oldText` may be a part of the file only. */
export type ShownEdit = Readonly<Grant['edits'][number]>;

/** Each may be as large as what was shown. */
const MOST_GRANTS = 64;

/**
 * Tool calls that were allowed, so that what they then do by our services is not asked for a second time. A grant covers
 * only what was shown: this very command, once; this very change of a file. It ends with its call and its turn, and holds
 * over a restart.
 */
export class Grants {
  readonly #find: (toolCallId: string) => ToolCallItem | null;
  readonly #place: KeptPlace;

  constructor(find: (toolCallId: string) => ToolCallItem | null, place: KeptPlace) {
    this.#find = find;
    this.#place = place;
  }

  add(grant: Grant): void {
    const others = this.#open().filter(({ toolCallId }) => toolCallId !== grant.toolCallId);
    this.#place.keep({ grants: [...others, grant].slice(-MOST_GRANTS) });
  }

  /** True once for a command that was allowed to run there. */
  takeCommand(words: readonly string[], cwd: string): boolean {
    const grant = this.#open().find(
      ({ command }) => command !== null && command.cwd === cwd && isSame(words, command.text),
    );
    if (grant === undefined) return false;
    this.#place.keep({ grants: this.#place.kept.grants.filter((one) => one !== grant) });
    return true;
  }

  /** True where this change of a file was shown: `after` is what `before` becomes by it. */
  coversWrite(path: string, before: string, after: string): boolean {
    return this.#open().some(({ edits }) => {
      const ofFile = edits.filter((edit) => edit.path === path);
      return ofFile.length > 0 && becomes(before, after, ofFile);
    });
  }

  clear(): void {
    if (this.#place.kept.grants.length > 0) this.#place.keep({ grants: [] });
  }

  #open(): Grant[] {
    return this.#place.kept.grants.filter(({ toolCallId }) => {
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
