import type { PolicyFile } from '@farhand/shared/model/policy';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';

/** The file of the rules, which an editor can change at any time. */
export const policyQuery = {
  queryKey: ['policy'],
  queryFn: () => call('policy.get', {}),
  staleTime: 0,
} as const;

/** Rules that are proposed. */
export const proposalsQuery = {
  queryKey: ['policy_proposals'],
  queryFn: () => call('policy.proposals', {}),
  staleTime: 0,
} as const;

/** Shows the file as a call gave it, and looks again at what depends on it. */
export async function tookPolicy(file: PolicyFile): Promise<void> {
  queryClient.setQueryData(policyQuery.queryKey, file);
  await queryClient.invalidateQueries({ queryKey: proposalsQuery.queryKey });
}

/** The same after a call that failed: somebody else may have changed the file. */
export const refreshPolicy = () => queryClient.invalidateQueries({ queryKey: policyQuery.queryKey });
