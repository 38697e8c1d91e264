import { useQuery } from '@tanstack/react-query';
import { call } from '@/client/call.ts';

export const BUDGET_KEY = ['budget'] as const;

/** The limits, and what was spent today. */
export const useBudget = () =>
  useQuery({ queryKey: BUDGET_KEY, queryFn: ({ signal }) => call('budget.get', {}, { signal }) });
