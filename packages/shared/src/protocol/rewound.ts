import type { TranscriptItem } from '../model/transcripts.ts';

/**
 * The ids of items that a rewind of the conversation took back, as all rewinds together leave it. The items that tell of a
 * rewind are never among them. `items` are in display order.
 */
export function undoneItems(items: readonly TranscriptItem[]): ReadonlySet<string> {
  let undone = new Set<string>();
  /** What was undone just before each rewind, and where it stands. */
  const before = new Map<string, { undone: ReadonlySet<string>; at: number }>();
  items.forEach((item, at) => {
    if (item.kind !== 'rewound' || item.what === 'files') return;
    const known = before.get(item.undoes ?? '');
    before.set(item.id, { undone: new Set(undone), at });
    if (item.undoes !== null && !known) return;
    // Where the items begin later, as on a page that has the newest first, the turn lies before them.
    const first = known
      ? known.at + 1
      : Math.max(
          0,
          items.findIndex(({ turnId }) => turnId === item.to),
        );
    if (known) undone = new Set(known.undone);
    for (const one of items.slice(first, at)) if (one.kind !== 'rewound') undone.add(one.id);
  });
  return undone;
}
