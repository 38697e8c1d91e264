import { useEffect, useRef } from 'react';
import { queryClient } from '@/client/query.ts';
import { useServerState } from '@/client/state-store.ts';
import { openDialog } from '@/client/view-store.ts';
import { cx } from '@/ui/cx.ts';
import { formatCost } from '../transcript/cost.ts';
import { BUDGET_KEY, useBudget } from './budget-query.ts';

/** What agents cost today, for the status line; asked anew whenever a turn begins or ends. Nothing before the first cost. */
export default function CostToday() {
  const { data } = useBudget();
  const working = useServerState((state) =>
    Object.values(state.sessions)
      .flatMap((session) => (session.state === 'working' ? [session.id] : []))
      .join(),
  );
  const before = useRef(working);
  useEffect(() => {
    if (before.current === working) return;
    before.current = working;
    void queryClient.invalidateQueries({ queryKey: BUDGET_KEY });
  }, [working]);
  if (!data || data.today.usd <= 0) return null;
  const { dayUsd } = data.budget;
  const isSpent = dayUsd !== null && data.today.usd >= dayUsd;
  return (
    <button
      type="button"
      title="Budgets and prices"
      onClick={() => openDialog({ kind: 'settings', part: 'budgets' })}
      className={cx(
        'shrink-0 rounded-ui px-1.5 tabular-nums hover:bg-hover hover:text-text',
        isSpent && 'text-blocked',
      )}
    >
      {formatCost(data.today.usd)}
      {dayUsd !== null && ` of ${formatCost(dayUsd)}`} today
    </button>
  );
}
