// Calm, short, easy to say on the phone; no word needs an explanation.
const FIRST = [
  'amber',
  'autumn',
  'birch',
  'bright',
  'calm',
  'cedar',
  'clear',
  'cool',
  'copper',
  'dawn',
  'early',
  'even',
  'fair',
  'fern',
  'gentle',
  'golden',
  'green',
  'hazel',
  'ivory',
  'kind',
  'light',
  'linen',
  'low',
  'maple',
  'mellow',
  'mild',
  'misty',
  'north',
  'oaken',
  'olive',
  'pale',
  'plain',
  'quiet',
  'rare',
  'sandy',
  'silver',
  'slow',
  'snowy',
  'soft',
  'still',
  'warm',
  'wild',
] as const;
const SECOND = [
  'bay',
  'bell',
  'bird',
  'bridge',
  'brook',
  'cliff',
  'cloud',
  'coast',
  'cove',
  'creek',
  'dale',
  'dune',
  'field',
  'finch',
  'garden',
  'glade',
  'grove',
  'harbor',
  'heron',
  'hill',
  'island',
  'lake',
  'lark',
  'leaf',
  'marsh',
  'meadow',
  'moon',
  'moss',
  'orchard',
  'otter',
  'path',
  'pine',
  'pond',
  'rain',
  'reed',
  'ridge',
  'river',
  'shore',
  'spring',
  'stone',
  'valley',
  'wren',
] as const;

const TRIES = 20;

/** A good name for a new workspace: two calm words, as `quiet-harbor`, that is not among `taken`. */
export function suggestName(taken: readonly string[], random: () => number = Math.random): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? 'new';
  for (let tries = 0; tries < TRIES; tries += 1) {
    const name = `${pick(FIRST)}-${pick(SECOND)}`;
    if (!taken.includes(name)) return name;
  }
  const name = `${pick(FIRST)}-${pick(SECOND)}`;
  let number = 2;
  while (taken.includes(`${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}
