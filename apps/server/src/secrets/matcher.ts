/**
 * Many words searched for at once in one pass (Aho and Corasick, 1975). A state says how much of which word the text
 * ends with; state 0 is none. Letters are UTF-16 units.
 */
export interface Matcher {
  /** The state after `letter`. */
  next(state: number, letter: number): number;
  /** How many of the last letters may be the beginning of a word: the length of the longest such beginning. */
  depth(state: number): number;
  /** Index of the longest word that ends here; -1 when none does. */
  ending(state: number): number;
}

const NONE = -1;

/** A matcher for these words, none of them empty. Takes memory in proportion to their total length. */
export function createMatcher(words: readonly string[]): Matcher {
  const size = 1 + words.reduce((sum, word) => sum + word.length, 0);
  const trie = new Trie(size);
  words.forEach((word, index) => trie.add(word, index));
  trie.link();
  return trie;
}

// Children are linked lists in flat arrays: nearly every node has one child, and a map for each would be heavy.
class Trie implements Matcher {
  readonly #letters: Uint16Array;
  readonly #firstChild: Int32Array;
  readonly #nextSibling: Int32Array;
  readonly #fallback: Int32Array;
  readonly #depth: Int32Array;
  readonly #ending: Int32Array;
  // The root is where most text is: one look there, not a walk along its children.
  readonly #fromRoot = new Int32Array(0x1_0000);
  #count = 1;

  constructor(size: number) {
    this.#letters = new Uint16Array(size);
    this.#firstChild = new Int32Array(size).fill(NONE);
    this.#nextSibling = new Int32Array(size).fill(NONE);
    this.#fallback = new Int32Array(size);
    this.#depth = new Int32Array(size);
    this.#ending = new Int32Array(size).fill(NONE);
  }

  next(state: number, letter: number): number {
    for (let from = state; from !== 0; from = this.#at(this.#fallback, from)) {
      const child = this.#child(from, letter);
      if (child !== NONE) return child;
    }
    return this.#at(this.#fromRoot, letter);
  }

  depth(state: number): number {
    return this.#at(this.#depth, state);
  }

  ending(state: number): number {
    return this.#at(this.#ending, state);
  }

  add(word: string, index: number): void {
    let node = 0;
    for (let place = 0; place < word.length; place += 1) {
      const letter = word.charCodeAt(place);
      const child = this.#child(node, letter);
      node = child === NONE ? this.#grow(node, letter) : child;
    }
    if (this.#ending[node] === NONE) this.#ending[node] = index;
  }

  /** Sets where each node falls back to, shallow ones first, and hands down the words that end inside longer ones. */
  link(): void {
    const queue = this.#childrenOf(0);
    for (const child of queue) this.#fromRoot[this.#at(this.#letters, child)] = child;
    for (let head = 0; head < queue.length; head += 1) {
      const node = queue[head] ?? 0;
      for (const child of this.#childrenOf(node)) {
        const fallback = this.next(this.#at(this.#fallback, node), this.#at(this.#letters, child));
        this.#fallback[child] = fallback;
        if (this.#ending[child] === NONE) this.#ending[child] = this.#at(this.#ending, fallback);
        queue.push(child);
      }
    }
  }

  #child(node: number, letter: number): number {
    let child = this.#at(this.#firstChild, node);
    while (child !== NONE && this.#letters[child] !== letter) child = this.#at(this.#nextSibling, child);
    return child;
  }

  #grow(parent: number, letter: number): number {
    const node = this.#count++;
    this.#letters[node] = letter;
    this.#depth[node] = this.#at(this.#depth, parent) + 1;
    this.#nextSibling[node] = this.#at(this.#firstChild, parent);
    this.#firstChild[parent] = node;
    return node;
  }

  #childrenOf(node: number): number[] {
    const children: number[] = [];
    for (
      let child = this.#at(this.#firstChild, node);
      child !== NONE;
      child = this.#at(this.#nextSibling, child)
    )
      children.push(child);
    return children;
  }

  // Every index comes from this class, so it is inside; the default only satisfies the compiler.
  #at(array: Int32Array | Uint16Array, index: number): number {
    return array[index] ?? 0;
  }
}
