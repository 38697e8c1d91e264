import type { DryRun, Proposal } from '@farhand/shared/model/dry-run';
import type { ProposalId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import { useQuery } from '@tanstack/react-query';
import { ChevronRight, FilePen, Terminal } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { load } from '@/client/load.ts';
import { Button } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { Skeleton } from '@/ui/skeleton.tsx';
import { showError } from '@/ui/toast.tsx';
import { SureButton } from '../settings/sure-button.tsx';

const DiffView = lazy(() =>
  load(async () => ({ default: (await import('../changes/diff-view.tsx')).DiffView })),
);

const WORDS: Readonly<Record<Proposal['state'], string>> = {
  open: 'not done',
  applying: 'being applied',
  applied: 'applied',
  failed: 'failed',
  refused: 'refused',
  discarded: 'discarded',
};

interface ProposalListProps {
  readonly dryRun: DryRun;
  readonly session: Session;
}

/** What a dry run collected, to be applied one by one or together, or dropped. */
export default function ProposalList({ dryRun: { id: sessionId, proposals }, session }: ProposalListProps) {
  const isBusy =
    ['working', 'blocked', 'contact_lost'].includes(session.state) ||
    proposals.some(({ state }) => state === 'applying');
  const open = proposals.filter(({ state }) => state === 'open').length;
  const apply = (proposalIds: ProposalId[] | null) =>
    void call('dry_run.apply', { sessionId, proposalIds }).catch((error: unknown) =>
      showError('It was not applied', error),
    );
  const discard = (proposalIds: ProposalId[] | null) =>
    void call('dry_run.discard', { sessionId, proposalIds }).catch((error: unknown) =>
      showError('It was not discarded', error),
    );
  return (
    <>
      <ul
        aria-label="Proposals"
        className="min-h-0 flex-1 divide-y divide-hairline overflow-y-auto border-t border-hairline"
      >
        {proposals.map((proposal) => (
          <Line
            key={proposal.id}
            proposal={proposal}
            isBusy={isBusy}
            onApply={() => apply([proposal.id])}
            onDiscard={() => discard([proposal.id])}
          />
        ))}
      </ul>
      {open > 0 && (
        <div className="flex flex-wrap items-center justify-end gap-2 border-t border-hairline px-4 py-1.5">
          <SureButton
            verb="Discard all"
            name="proposals"
            question="What the agent proposed is lost."
            sureVerb={`Discard ${open}`}
            isDisabled={isBusy}
            onSure={() => discard(null)}
          />
          <Button
            size="small"
            variant="primary"
            className="phone:h-11"
            disabled={isBusy}
            onClick={() => apply(null)}
          >
            Apply all {open}
          </Button>
        </div>
      )}
    </>
  );
}

interface LineProps {
  readonly proposal: Proposal;
  readonly isBusy: boolean;
  readonly onApply: () => void;
  readonly onDiscard: () => void;
}

function Line({ proposal, isBusy, onApply, onDiscard }: LineProps) {
  const [isOpen, setIsOpen] = useState(false);
  const { number, kind, title, state, reason } = proposal;
  const Icon = kind === 'command' ? Terminal : FilePen;
  const isLeft = state === 'open' || state === 'refused' || state === 'failed';
  return (
    <li className="relative px-4 py-1">
      <div className="flex flex-wrap items-center gap-2">
        <button
          type="button"
          aria-expanded={isOpen}
          className="flex min-h-7 min-w-0 flex-1 items-center gap-2 text-left phone:min-h-11"
          onClick={() => setIsOpen(!isOpen)}
        >
          <ChevronRight className={cx('size-3 shrink-0 text-text-3', isOpen && 'rotate-90')} aria-hidden />
          <span className="text-small text-text-3 tabular-nums">{number}</span>
          <Icon className="size-3.5 shrink-0 text-text-3" aria-hidden />
          <span className="min-w-0 truncate font-mono text-small phone:line-clamp-2 phone:break-all phone:whitespace-normal">
            {title}
          </span>
        </button>
        <span
          className={cx(
            'text-small',
            // That it can be applied says as much, and what it is about needs the room.
            state === 'open' && 'phone:sr-only',
            state === 'applied' ? 'text-done' : isLeft && state !== 'open' ? 'text-failed' : 'text-text-3',
          )}
        >
          {WORDS[state]}
        </span>
        {isLeft && (
          <span className="flex gap-1">
            <Button
              size="small"
              variant="ghost"
              className="phone:h-11"
              disabled={isBusy}
              aria-label={`Discard proposal ${number}`}
              onClick={onDiscard}
            >
              Discard
            </Button>
            <Button
              size="small"
              className="phone:h-11"
              disabled={isBusy}
              aria-label={`Apply proposal ${number}`}
              onClick={onApply}
            >
              Apply
            </Button>
          </span>
        )}
      </div>
      {reason && <p className="pb-1 pl-5 text-small text-failed">{reason}</p>}
      {isOpen && <Details proposal={proposal} />}
    </li>
  );
}

function Details({ proposal: { id, kind, command, path } }: { readonly proposal: Proposal }) {
  const diff = useQuery({
    queryKey: ['proposal', id],
    queryFn: ({ signal }) => call('dry_run.diff', { proposalId: id }, { signal }),
    enabled: kind === 'write',
  });
  if (kind === 'command') return <pre className="output mb-2 whitespace-pre-wrap">{command}</pre>;
  if (diff.error) return <p className="pb-2 text-small text-failed">{ApiError.from(diff.error).message}</p>;
  if (!diff.data) return <Skeleton className="mb-2 h-10" />;
  return (
    <div className="pb-2">
      <Suspense fallback={<Skeleton className="h-10" />}>
        <DiffView patch={diff.data.patch} label={path ?? ''} view="unified" />
      </Suspense>
    </div>
  );
}
