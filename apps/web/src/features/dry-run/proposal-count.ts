import type { Proposal } from '@farhand/shared/model/dry-run';

/** How many proposals wait for the person, or why none does: what could not be applied stays until it is discarded. */
export function proposalCount(proposals: readonly Pick<Proposal, 'state'>[]): string {
  const count = (...states: Proposal['state'][]) =>
    proposals.filter(({ state }) => states.includes(state)).length;
  const open = count('open');
  if (open > 0) return `${open === 1 ? '1 proposal' : `${open} proposals`} to look at`;
  const left = count('refused', 'failed');
  if (left > 0) return `${left} could not be applied`;
  return proposals.length === 0 ? 'nothing collected yet' : 'nothing left to look at';
}
