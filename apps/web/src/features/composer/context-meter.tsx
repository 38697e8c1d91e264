import type { Session } from '@farhand/shared/model/sessions';
import { cx } from '@/ui/cx.ts';
import { Tooltip } from '@/ui/tooltip.tsx';
import { formatCount } from '../transcript/amounts.ts';
import { formatCost } from '../transcript/cost.ts';

// From here on the agent will soon have to forget, or to sum up, what was said.
const NEARLY_FULL = 0.8;

/** How much of the model's context is in use, and what the session cost so far; with the whole account on hover. */
export function ContextMeter({ session }: { readonly session: Session }) {
  const { context, costUsd, usage } = session;
  const share = context && context.limit > 0 ? Math.min(1, context.used / context.limit) : null;
  if (share === null && costUsd === null) return null;
  const facts = [
    context && `${formatCount(context.used)} of ${formatCount(context.limit)} tokens of context in use`,
    `${formatCount(usage.input)} tokens in, ${formatCount(usage.output)} out`,
    costUsd !== null && `${formatCost(costUsd)} so far`,
  ].filter((fact) => typeof fact === 'string');
  return (
    <Tooltip label={facts.join(' · ')} side="top">
      <button type="button" className="composer-meter" aria-label={`Session: ${facts.join(', ')}`}>
        {share !== null && (
          <span className={cx(share >= NEARLY_FULL && 'text-blocked')}>{Math.round(share * 100)}%</span>
        )}
        {costUsd !== null && <span>{formatCost(costUsd)}</span>}
      </button>
    </Tooltip>
  );
}
