/** Queues that are served in turn: one long queue delays the others by no more than one of its own at a time. */
export class Lanes<Item> {
  /** In the order in which they are served next; never an empty queue. */
  readonly #queues = new Map<string, Item[]>();

  get size(): number {
    let size = 0;
    for (const queue of this.#queues.values()) size += queue.length;
    return size;
  }

  push(lane: string, item: Item): void {
    const queue = this.#queues.get(lane);
    if (queue) queue.push(item);
    else this.#queues.set(lane, [item]);
  }

  /** The next of the lanes that `mayRun`; its lane is then the last to be asked. */
  shift(mayRun: (lane: string) => boolean): Item | undefined {
    for (const [lane, queue] of this.#queues) {
      if (!mayRun(lane)) continue;
      const item = queue.shift();
      this.#queues.delete(lane);
      if (queue.length > 0) this.#queues.set(lane, queue);
      return item;
    }
    return undefined;
  }

  remove(lane: string, item: Item): void {
    const queue = this.#queues.get(lane);
    const at = queue?.indexOf(item) ?? -1;
    if (queue === undefined || at < 0) return;
    queue.splice(at, 1);
    if (queue.length === 0) this.#queues.delete(lane);
  }

  /** All that waits, in no order that matters; then it is empty. */
  takeAll(): Item[] {
    const all = [...this.#queues.values()].flat();
    this.#queues.clear();
    return all;
  }

  /** True where something waits that may run. */
  hasRunnable(mayRun: (lane: string) => boolean): boolean {
    for (const lane of this.#queues.keys()) if (mayRun(lane)) return true;
    return false;
  }
}
