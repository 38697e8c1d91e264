import { createRandom } from '@farhand/shared/testing/random';
import { describe, expect, it } from 'vitest';
import { programName } from './shell/wrappers.ts';
import { judging } from './testing/judging.ts';
import { STUBS, startedBy } from './testing/recorded-run.ts';

const judge = await judging();
/** Every program is allowed, so that whatever is understood runs. */
const all = judge(
  STUBS.map((name) => `[[rules]]\nname = "${name}"\neffect = "allow"\nmatch = "${name} *"\n`).join(''),
);

const BASES = [
  'alpha one two',
  'alpha \'a b\' "c d"',
  'alpha && beta x',
  'alpha; beta',
  'alpha | beta',
  '(alpha; beta)',
  '{ alpha; }',
  'if alpha; then beta; fi',
  'for i in a b; do alpha; done',
  'alpha > out',
  'alpha 2>&1',
  'alpha <<EOF\nbeta\nEOF',
  "alpha <<'E'\n$(beta)\nE",
  'alpha <<< beta',
  '! alpha',
  'timeout 5 alpha',
  "sh -c 'alpha; beta'",
  'alpha # beta',
  'case a in a) alpha;; esac',
  'while alpha; do beta; break; done',
  'alpha "it\'s" \\; b',
  'env alpha',
  'alpha &',
  '[ -f a ] && beta',
  '[[ -f a ]] || beta',
];
const PIECES = [
  ...';|&<>()$`\\"\'#!{}[]*?~=,\n\t ',
  '{}',
  '}#',
  '&&',
  '||',
  ';;',
  '|&',
  '&>',
  '<<',
  '<<<',
  '$(',
  '<(',
  '>(',
  '((',
  '))',
  '${',
  "$'",
  '\\\n',
  '\\ ',
  "''",
  '""',
  ' gamma ',
  ';gamma',
  '\ngamma',
  '$(gamma)',
  '`gamma`',
  '&gamma',
  '|gamma',
  ' gamma() { beta; }; ',
  'fi',
  'done',
  ' do ',
  ' then ',
  '<<EOF',
  '\nEOF\n',
  'EOF',
  '2>',
  '>x ',
  '-c ',
  'a=',
  'x=1 ',
  ' time ',
  ' ! ',
  '{a,b}',
  '#gamma\n',
  '\\#',
  '$((',
  '1<<2',
  'esac',
  ' in ',
];

/** How many texts are run; more for a search that may take longer. */
const COUNT = Number(process.env.FARHAND_FUZZ_TEXTS ?? 400);

// Texts that are understood and allowed although something was put into them, or taken out.
function mutated(seed: number): string[] {
  const random = createRandom(seed).below;
  const texts = new Set<string>();
  for (let round = 0; round < 100 * COUNT && texts.size < COUNT; round += 1) {
    let text = BASES[random(BASES.length)] ?? '';
    for (let times = 1 + random(3); times > 0; times -= 1) {
      const at = random(text.length + 1);
      const isCut = random(5) === 0;
      const piece = isCut ? '' : (PIECES[random(PIECES.length)] ?? '');
      text = text.slice(0, at) + piece + text.slice(at + (isCut ? 1 + random(2) : 0));
    }
    if (all(text).judgement.kind === 'allowed') texts.add(text);
  }
  return [...texts];
}

const judgedIn = (text: string): string[] =>
  all(text).steps.map(({ command: { words } }) =>
    JSON.stringify([programName(words[0]), ...words.slice(1).map((word) => word.text)]),
  );

describe('what is understood', () => {
  const texts = mutated(Number(process.env.FARHAND_FUZZ_SEED ?? 4711));

  it.each(['bash', 'dash'] as const)(
    'names every program that %s really starts',
    (shell) => {
      expect(texts).toHaveLength(COUNT);
      const started = startedBy(texts, shell);
      // Where next to nothing ran, nothing is shown.
      expect(started.filter((programs) => programs.length > 0).length).toBeGreaterThan(COUNT / 2);
      const missed = texts.flatMap((text, index) => {
        const judged = judgedIn(text);
        const unknown = (started[index] ?? []).filter((argv) => !judged.includes(JSON.stringify(argv)));
        return unknown.length > 0 ? [{ text, unknown, judged }] : [];
      });
      expect(missed).toEqual([]);
    },
    240_000,
  );
});
