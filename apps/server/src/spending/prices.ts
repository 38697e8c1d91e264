import type { TokenUsage } from '@farhand/shared/model/sessions';
import { type Price, price } from '@farhand/shared/model/spending';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { DEFAULT_PRICES } from './default-prices.ts';
import { readSetting, writeSetting } from './setting.ts';

/** What answers of models cost. */
export interface Prices {
  /** In the order in which they are tried; the built-in ones until a person sets others. */
  list(): Price[];
  /** Takes the place of the whole list; an empty one brings the built-in prices back. */
  set(prices: readonly Price[]): void;
  /** US dollars for one answer of `provider/model`; null where it has no price. */
  costOf(ref: string, usage: TokenUsage): number | null;
  /** Tokens that the context of `provider/model` has; 128,000 where nobody knows. */
  contextOf(ref: string): number;
}

const SETTING = 'prices';
const UNKNOWN_CONTEXT = 128_000;

export function createPrices(db: Database): Prices {
  const list = () => {
    const set = readSetting(db, SETTING, z.array(price));
    return set && set.length > 0 ? set : [...DEFAULT_PRICES];
  };
  return {
    list,
    set: (prices) => writeSetting(db, SETTING, prices),
    costOf(ref, usage) {
      const found = list().find(({ pattern }) => matches(pattern, ref));
      return found ? cost(found, usage) : null;
    },
    contextOf(ref) {
      const known = [...list(), ...DEFAULT_PRICES];
      const found = known.find(({ pattern, context }) => context !== undefined && matches(pattern, ref));
      return found?.context ?? UNKNOWN_CONTEXT;
    },
  };
}

/** Input that was read from the provider's cache is part of `usage.input`, and has a price of its own. */
function cost(prices: Price, usage: TokenUsage): number {
  const cached = Math.min(usage.cachedInput, usage.input);
  const plain = usage.input - cached;
  const millionths = plain * prices.input + cached * prices.cachedInput + usage.output * prices.output;
  return millionths / 1_000_000;
}

/** True where the whole of `text` fits; `*` stands for any run of characters, upper and lower case are the same. */
export function matches(pattern: string, text: string): boolean {
  const pieces = pattern.toLowerCase().split('*');
  const subject = text.toLowerCase();
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return subject === first;
  if (!subject.startsWith(first)) return false;
  // By hand and not as a regular expression: a pattern of many stars must not take forever.
  let at = first.length;
  for (const piece of rest) {
    const found = subject.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return subject.length - last.length >= at && subject.endsWith(last);
}
