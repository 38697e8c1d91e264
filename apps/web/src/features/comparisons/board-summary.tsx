import type { Comparison } from '@farhand/shared/model/comparisons';
import { type FormEvent, useState } from 'react';
import { useServerState } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { Input } from '@/ui/field.tsx';
import { StatusMark } from '@/ui/status-mark.tsx';
import { runTests } from './comparison-actions.ts';
import type { Asked } from './comparison-board.tsx';
import { openVariant } from './open-variants.ts';
import { rememberTestCommand } from './test-commands.ts';
import type { VariantFacts } from './variant-facts.ts';

interface BoardSummaryProps {
  readonly comparison: Comparison;
  readonly rows: readonly VariantFacts[];
  onAsk(asked: Asked): void;
}

/** What was asked, what tells whether an answer is good, and, once one is kept, what is left to do. */
export function BoardSummary({ comparison, rows, onAsk }: BoardSummaryProps) {
  const kept = rows.find(({ isKept }) => isKept);
  return (
    <div className="flex flex-col gap-3">
      <Prompt text={comparison.prompt} />
      <TestCommand comparison={comparison} />
      {kept && <Kept kept={kept} rows={rows} onAsk={onAsk} />}
    </div>
  );
}

// About four lines; what is shorter needs no button.
const LONG_PROMPT = 280;

function Prompt({ text }: { readonly text: string }) {
  const [isWhole, setIsWhole] = useState(false);
  const isLong = text.length > LONG_PROMPT || text.split('\n').length > 4;
  return (
    <section aria-label="Prompt" className="max-w-3xl">
      <p className={cx('text-read break-words whitespace-pre-wrap', isLong && !isWhole && 'line-clamp-4')}>
        {text}
      </p>
      {isLong && (
        <button
          type="button"
          aria-expanded={isWhole}
          onClick={() => setIsWhole(!isWhole)}
          className="rounded-small text-small text-text-3 hover:text-text"
        >
          {isWhole ? 'Show less' : 'Show all'}
        </button>
      )}
    </section>
  );
}

function TestCommand({ comparison }: { readonly comparison: Comparison }) {
  const [draft, setDraft] = useState<string | null>(null);
  const projectId = useServerState((state) => state.workspaces[comparison.workspaceId]?.projectId);
  if (draft === null) {
    return (
      <p className="flex min-w-0 items-center gap-2 text-small text-text-2">
        {comparison.testCommand === null ? (
          'No test command'
        ) : (
          <>
            <span className="shrink-0">Tested by</span>
            <code className="min-w-0 truncate text-text" title={comparison.testCommand}>
              {comparison.testCommand}
            </code>
          </>
        )}
        <Button
          size="small"
          variant="ghost"
          className="phone:h-11"
          onClick={() => setDraft(comparison.testCommand ?? '')}
        >
          {comparison.testCommand === null ? 'Name one' : 'Change'}
        </Button>
      </p>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const testCommand = draft.trim();
    if (testCommand === '') return;
    if (projectId) rememberTestCommand(projectId, testCommand);
    runTests(comparison.id, { testCommand });
    setDraft(null);
  };
  return (
    <form onSubmit={submit} className="flex max-w-3xl items-center gap-2">
      <Input
        aria-label="Test command"
        className="font-mono"
        ref={focus}
        maxLength={4096}
        value={draft}
        placeholder="npm test"
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && setDraft(null)}
      />
      <Button type="submit" disabled={draft.trim() === ''}>
        Run in all
      </Button>
      <Button variant="ghost" onClick={() => setDraft(null)}>
        Cancel
      </Button>
    </form>
  );
}

// It was asked for by a key or a click.
const focus = (element: HTMLElement | null) => element?.focus();

interface KeptProps extends Pick<BoardSummaryProps, 'rows' | 'onAsk'> {
  readonly kept: VariantFacts;
}

function Kept({ kept, rows, onAsk }: KeptProps) {
  const name = useServerState(
    (state) => kept.variant.workspaceId && state.workspaces[kept.variant.workspaceId]?.name,
  );
  const rest = rows.filter(({ variant, isKept }) => !isKept && variant.state !== 'discarded');
  const [giver] = rest.filter(({ variant }) => (variant.diff?.files ?? 0) > 0);
  return (
    <output className="flex flex-wrap items-center gap-2 rounded-ui bg-done-wash px-3 py-2">
      <StatusMark status="done" label="" />
      <span className="min-w-0 flex-1 phone:basis-full">
        Variant {kept.number} is kept: {name ?? 'its workspace'} is an ordinary workspace now.
        {rest.length === 0 && ' The others are discarded.'}
      </span>
      <Button size="small" className="phone:h-11" onClick={() => openVariant(kept.variant)}>
        Open it
      </Button>
      {giver && (
        <Button
          size="small"
          className="phone:h-11"
          onClick={() => onAsk({ kind: 'take_files', from: giver.variant.id })}
        >
          Take files…
        </Button>
      )}
      {rest.length > 0 && (
        <Button
          size="small"
          className="phone:h-11"
          onClick={() => onAsk({ kind: 'discard', variantId: null })}
        >
          Discard the rest…
        </Button>
      )}
    </output>
  );
}
