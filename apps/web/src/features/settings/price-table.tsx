import type { Price } from '@farhand/shared/model/spending';
import { ArrowUp, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { Button, IconButton } from '@/ui/button.tsx';
import { Input } from '@/ui/field.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { Group } from './group.tsx';
import {
  draftsOf,
  type PriceDraft,
  type PriceField,
  pricesOf,
  raised,
  withEmpty,
  wrongField,
} from './price-drafts.ts';

const COLUMNS: readonly { readonly field: PriceField; readonly label: string; readonly title: string }[] = [
  { field: 'pattern', label: 'Model', title: 'provider/model; * stands for anything' },
  { field: 'input', label: 'Input', title: 'US dollars for a million tokens that are read' },
  { field: 'cachedInput', label: 'Cached', title: 'The same, for tokens read from the provider’s cache' },
  { field: 'output', label: 'Output', title: 'US dollars for a million tokens that are written' },
  { field: 'context', label: 'Context', title: 'Tokens that the model’s context has; may be empty' },
];

const WRONG: Readonly<Record<PriceField, string>> = {
  pattern: 'Each row needs a model, as openai/gpt-5 or *gpt-5*.',
  input: 'The price of input is an amount of dollars, as 1.25.',
  cachedInput: 'The price of cached input is an amount of dollars, as 0.125.',
  output: 'The price of output is an amount of dollars, as 10.',
  context: 'The context is a whole number of tokens, or empty.',
};

const GRID = 'grid grid-cols-[minmax(8rem,1fr)_4rem_4rem_4rem_5.5rem_3.25rem] items-center gap-1';

/** What models cost, to be edited; the first row that fits a model counts. */
export function PriceTable({ prices }: { readonly prices: readonly Price[] }) {
  const [first] = useState(() => draftsOf(prices));
  const [drafts, setDrafts] = useState(first);
  const [error, setError] = useState<ApiError | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const wrong = drafts.map(wrongField).find((field) => field !== null);
  const save = async (next: Price[]) => {
    setIsSaving(true);
    setError(null);
    try {
      await call('price.set', { prices: next });
      await queryClient.invalidateQueries({ queryKey: ['prices'] });
    } catch (thrown) {
      setError(ApiError.from(thrown));
    }
    setIsSaving(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const next = pricesOf(drafts);
    // An empty list would bring the built-in prices back, which has a button of its own.
    if (next && next.length > 0) void save(next);
  };
  return (
    <Group
      title="Prices"
      note="US dollars for a million tokens. The first row that fits counts; a model in none has no price."
      aside={
        <Button size="small" className="phone:h-11" onClick={() => setDrafts(withEmpty(drafts))}>
          Add a row
        </Button>
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-3">
        <div className="overflow-x-auto rounded-ui border border-hairline p-1">
          <div className="min-w-[32rem]">
            <div className={`${GRID} h-6 text-small text-text-3`}>
              {COLUMNS.map(({ field, label, title }) => (
                <span key={field} title={title} className={field === 'pattern' ? 'px-2' : 'px-2 text-right'}>
                  {label}
                </span>
              ))}
            </div>
            {drafts.map((draft, index) => (
              <PriceRow
                key={draft.key}
                draft={draft}
                isFirst={index === 0}
                onChange={(next) =>
                  setDrafts(drafts.map((other) => (other.key === draft.key ? next : other)))
                }
                onRaise={() => setDrafts(raised(drafts, draft.key))}
                onRemove={() => setDrafts(drafts.filter(({ key }) => key !== draft.key))}
              />
            ))}
          </div>
        </div>
        {wrong && <p className="text-small text-failed">{WRONG[wrong]}</p>}
        {error && <InlineError error={error} />}
        <div className="flex flex-wrap gap-2">
          <Button
            type="submit"
            variant={drafts === first ? 'secondary' : 'primary'}
            disabled={drafts === first || wrong !== undefined || drafts.length === 0 || isSaving}
          >
            {isSaving ? 'Saving' : 'Save the prices'}
          </Button>
          {drafts !== first && <Button onClick={() => setDrafts(first)}>Undo</Button>}
          <Button variant="ghost" disabled={isSaving} onClick={() => void save([])}>
            Back to the built-in prices
          </Button>
        </div>
      </form>
    </Group>
  );
}

interface PriceRowProps {
  readonly draft: PriceDraft;
  readonly isFirst: boolean;
  onChange(draft: PriceDraft): void;
  onRaise(): void;
  onRemove(): void;
}

function PriceRow({ draft, isFirst, onChange, onRaise, onRemove }: PriceRowProps) {
  const wrong = wrongField(draft);
  const name = draft.pattern || 'a new row';
  return (
    <div className={GRID}>
      {COLUMNS.map(({ field, label }) => (
        <Input
          key={field}
          aria-label={`${label} of ${name}`}
          aria-invalid={field === wrong ? true : undefined}
          className={
            field === 'pattern'
              ? 'border-transparent font-mono text-small!'
              : 'border-transparent text-right text-small! tabular-nums'
          }
          inputMode={field === 'pattern' ? 'text' : 'decimal'}
          value={draft[field]}
          onChange={(event) => onChange({ ...draft, [field]: event.target.value })}
        />
      ))}
      <span className="flex">
        <IconButton label={`Move ${name} up`} className="phone:size-6" disabled={isFirst} onClick={onRaise}>
          <ArrowUp className="size-3.5" aria-hidden />
        </IconButton>
        <IconButton label={`Remove ${name}`} className="phone:size-6" onClick={onRemove}>
          <X className="size-3.5" aria-hidden />
        </IconButton>
      </span>
    </div>
  );
}
