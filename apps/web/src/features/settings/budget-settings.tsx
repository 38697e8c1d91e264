import type { Budget } from '@farhand/shared/model/spending';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { Button } from '@/ui/button.tsx';
import { DialogBody } from '@/ui/dialog.tsx';
import { Field, Input } from '@/ui/field.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { formatCount } from '../transcript/amounts.ts';
import { formatCost } from '../transcript/cost.ts';
import { readTokens, readUsd, tokensText, usdText } from './amounts.ts';
import { BUDGET_KEY, useBudget } from './budget-query.ts';
import { Group } from './group.tsx';
import { PriceTable } from './price-table.tsx';

/** How much agents may spend, what they spent today, and what models cost. */
export function BudgetSettings() {
  const { data, error } = useBudget();
  const prices = useQuery({ queryKey: ['prices'], queryFn: () => call('price.list', {}) });
  return (
    <DialogBody className="gap-6!">
      <Group
        title="Limits"
        note="At a limit the agent is paused and you are asked; it goes on where it was when you allow more."
        aside={data && <Today tokens={data.today.tokens} usd={data.today.usd} budget={data.budget} />}
      >
        {error && <InlineError error={ApiError.from(error)} />}
        {!data && !error && <Skeleton className="h-24" />}
        {data && <BudgetForm budget={data.budget} key={JSON.stringify(data.budget)} />}
      </Group>
      {prices.error && <InlineError error={ApiError.from(prices.error)} />}
      {prices.data && <PriceTable prices={prices.data.prices} key={JSON.stringify(prices.data.prices)} />}
    </DialogBody>
  );
}

interface TodayProps {
  readonly tokens: number;
  readonly usd: number;
  readonly budget: Budget;
}

function Today({ tokens, usd, budget }: TodayProps) {
  const isNear =
    (budget.dayUsd !== null && usd >= budget.dayUsd * 0.8) ||
    (budget.dayTokens !== null && tokens >= budget.dayTokens * 0.8);
  return (
    <p className="shrink-0 text-right text-small text-text-3">
      Spent today
      <span className={`block text-read font-medium tabular-nums ${isNear ? 'text-blocked' : 'text-text'}`}>
        {formatCost(usd)}
      </span>
      <span className="tabular-nums">{formatCount(tokens)} tokens</span>
    </p>
  );
}

const FIELDS = [
  { key: 'sessionUsd', label: 'Dollars of one session', unit: 'usd' },
  { key: 'sessionTokens', label: 'Tokens of one session', unit: 'tokens' },
  { key: 'dayUsd', label: 'Dollars of one day', unit: 'usd' },
  { key: 'dayTokens', label: 'Tokens of one day', unit: 'tokens' },
] as const satisfies readonly { key: keyof Budget; label: string; unit: 'usd' | 'tokens' }[];

const READ = { usd: readUsd, tokens: readTokens } as const;
const TEXT = { usd: usdText, tokens: tokensText } as const;
const WRONG = {
  usd: 'An amount above zero, as 5 or 0.50.',
  tokens: 'A number above zero, as 250k or 2M.',
} as const;

function BudgetForm({ budget }: { readonly budget: Budget }) {
  const [typed, setTyped] = useState<Record<keyof Budget, string>>(() => ({
    sessionUsd: TEXT.usd(budget.sessionUsd),
    sessionTokens: TEXT.tokens(budget.sessionTokens),
    dayUsd: TEXT.usd(budget.dayUsd),
    dayTokens: TEXT.tokens(budget.dayTokens),
  }));
  const [error, setError] = useState<ApiError | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const read = Object.fromEntries(FIELDS.map(({ key, unit }) => [key, READ[unit](typed[key])]));
  const isWrong = Object.values(read).includes('wrong');
  const isSame = FIELDS.every(({ key }) => read[key] === budget[key]);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (isWrong) return;
    setIsSaving(true);
    setError(null);
    try {
      // Nothing of it is wrong.
      await call('budget.set', { budget: read as unknown as Budget });
      await queryClient.invalidateQueries({ queryKey: BUDGET_KEY });
    } catch (thrown) {
      setError(ApiError.from(thrown));
    }
    setIsSaving(false);
  };
  return (
    <form onSubmit={(event) => void save(event)} className="flex flex-col gap-3">
      <div className="grid grid-cols-4 gap-3 max-md:grid-cols-2">
        {FIELDS.map(({ key, label, unit }) => (
          <Field key={key} label={label} error={read[key] === 'wrong' ? { message: WRONG[unit] } : null}>
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                placeholder="no limit"
                className="tabular-nums"
                value={typed[key]}
                onChange={(event) => setTyped({ ...typed, [key]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      {error && <InlineError error={error} />}
      <Button
        type="submit"
        variant={isSame ? 'secondary' : 'primary'}
        className="w-fit"
        disabled={isWrong || isSame || isSaving}
      >
        {isSaving ? 'Saving' : 'Save the limits'}
      </Button>
    </form>
  );
}
