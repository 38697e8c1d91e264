import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import type { IUnicodeHandling, IUnicodeVersionProvider, Terminal } from '@xterm/xterm';

const VERSION = 'graphemes-bounded';
/** The longest family of emoji has 10 code points, stacked accents of real text fewer. */
const LONGEST_CLUSTER = 32;

/**
 * Widths of whole grapheme clusters, as xterm's addon knows them, but none without end: xterm copies a cell's text with
 * each code point that joins it, so that fifty thousand accents on one letter would stop the page.
 */
export function boundGraphemes(xterm: Terminal): void {
  const known: IUnicodeVersionProvider[] = [];
  const listener: IUnicodeHandling = {
    register: (provider) => void known.push(provider),
    activeVersion: '',
    versions: [],
  };
  new UnicodeGraphemesAddon().activate({ unicode: listener } as Terminal);
  const graphemes = known.find((provider) => provider.version === listener.activeVersion);
  if (graphemes === undefined) throw new Error('the graphemes addon of xterm has changed');
  xterm.unicode.register(bounded(graphemes));
  xterm.unicode.activeVersion = VERSION;
}

function bounded(graphemes: IUnicodeVersionProvider): IUnicodeVersionProvider {
  let joined = 0;
  return {
    version: VERSION,
    wcwidth: (codepoint) => graphemes.wcwidth(codepoint),
    charProperties(codepoint, preceding) {
      const properties = graphemes.charProperties(codepoint, preceding);
      // Its lowest bit says that the code point joins what stands before it.
      joined = (properties & 1) === 1 ? joined + 1 : 0;
      if (joined < LONGEST_CLUSTER) return properties;
      joined = 0;
      return graphemes.charProperties(codepoint, 0);
    },
  };
}
