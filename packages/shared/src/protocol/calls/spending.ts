import { z } from 'zod';
import { budget, price } from '../../model/spending.ts';
import { call, none } from './call.ts';

/** Calls about prices and budgets. See `calls`. */
export const spendingCalls = {
  'budget.get': call(none, z.object({ budget, today: z.object({ tokens: z.number(), usd: z.number() }) })),
  'budget.set': call(z.object({ budget }), none),
  /** In the order in which they are tried; the first that matches counts. */
  'price.list': call(none, z.object({ prices: z.array(price) })),
  'price.set': call(z.object({ prices: z.array(price).max(1000) }), none),
} as const;
