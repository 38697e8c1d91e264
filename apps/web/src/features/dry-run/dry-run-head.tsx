import type { DryRun } from '@farhand/shared/model/dry-run';
import type { Session } from '@farhand/shared/model/sessions';
import { ChevronRight, FlaskConical } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { load } from '@/client/load.ts';
import { useDryRun } from '@/client/state-store.ts';
import { cx } from '@/ui/cx.ts';
import { proposalCount } from './proposal-count.ts';

const ProposalList = lazy(() => load(() => import('./proposal-list.tsx')));

/** Says that a session is in a dry run and what it collected; nothing for others. */
export function DryRunHead({ session }: { readonly session: Session }) {
  const dryRun = useDryRun(session.id);
  if (!dryRun) return null;
  const isShown = dryRun.isOn || dryRun.proposals.some(({ state }) => state !== 'applied');
  return isShown ? <Head dryRun={dryRun} session={session} /> : null;
}

function Head({ dryRun, session }: { readonly dryRun: DryRun; readonly session: Session }) {
  const [isOpen, setIsOpen] = useState(true);
  const { isOn, proposals } = dryRun;
  return (
    <section aria-label="Dry run" className="flex max-h-[45%] shrink-0 flex-col border-b border-hairline">
      <button
        type="button"
        aria-expanded={isOpen}
        className="flex min-h-7 items-center gap-2 px-4 text-left text-small hover:bg-hover phone:min-h-11"
        onClick={() => setIsOpen(!isOpen)}
      >
        <ChevronRight className={cx('size-3 shrink-0 text-text-3', isOpen && 'rotate-90')} aria-hidden />
        <FlaskConical className="size-3.5 shrink-0 text-accent" aria-hidden />
        <span className="min-w-0 truncate text-text-2">
          <span className="text-text">{isOn ? 'Dry run: nothing is changed' : 'Dry run is off'}</span> ·{' '}
          {proposalCount(proposals)}
        </span>
      </button>
      {isOpen && proposals.length > 0 && (
        <Suspense fallback={null}>
          <ProposalList dryRun={dryRun} session={session} />
        </Suspense>
      )}
    </section>
  );
}
