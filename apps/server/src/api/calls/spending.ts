import type { Domains } from '../domains.ts';
import { type CallsOf, done } from './table.ts';

/** Calls about prices and budgets. */
export function spendingCalls({ spending }: Domains): CallsOf<'budget' | 'price'> {
  return {
    'budget.get': () => ({ budget: spending.budget(), today: spending.today() }),
    'budget.set': ({ budget }) => done(spending.setBudget(budget)),
    'price.list': () => ({ prices: spending.prices.list() }),
    'price.set': ({ prices }) => done(spending.prices.set(prices)),
  };
}
