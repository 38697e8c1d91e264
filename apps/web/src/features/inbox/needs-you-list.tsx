import { AlarmClock } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import { useNow } from '@/client/use-now.ts';
import { Kbd } from '@/ui/kbd.tsx';
import { KEYMAP } from '../keys/keymap.ts';
import { useInbox } from './inbox-store.ts';
import { NeedRow } from './need-row.tsx';

const MINUTE_MS = 60_000;

/** All that waits for a person, oldest first, with how long it has waited; nothing at all when nothing does. */
export function NeedsYouList() {
  const { needs, snoozed } = useInbox();
  const now = useNow(MINUTE_MS / 2, needs.length > 0);
  const [areSnoozedShown, setAreSnoozedShown] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  useKeptFocus(list);
  if (needs.length + snoozed.length === 0) return null;
  return (
    <section
      aria-label="Needs you"
      className="flex max-h-[40%] shrink-0 flex-col border-t border-hairline py-2 phone:max-h-none phone:border-t-0 phone:border-b"
    >
      <h2 className="flex items-center gap-2 px-3 pb-1 text-small font-medium text-text-2">
        Needs you <span className="tabular-nums text-text-3">{needs.length}</span>
        {snoozed.length > 0 && (
          <button
            type="button"
            aria-expanded={areSnoozedShown}
            onClick={() => setAreSnoozedShown(!areSnoozedShown)}
            className="inline-flex items-center gap-1 rounded-small px-1 font-normal text-text-3 hover:text-text phone:h-11"
          >
            <AlarmClock className="size-3" aria-hidden />
            {snoozed.length} snoozed
          </button>
        )}
        <Kbd keys={KEYMAP['needs_you.next'].keys} className="ml-auto phone:hidden" />
      </h2>
      <ul ref={list} className="min-h-0 overflow-y-auto px-2">
        {needs.map((need) => (
          <NeedRow key={need.id} need={need} now={now} />
        ))}
        {areSnoozedShown && snoozed.map((need) => <NeedRow key={need.id} need={need} now={now} isSnoozed />)}
      </ul>
    </section>
  );
}

// The row that was answered goes, with the focus in it or in its card; the next row takes its place.
function useKeptFocus(list: { readonly current: HTMLUListElement | null }): void {
  const lastAt = useRef(-1);
  useLayoutEffect(() => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-need]') ?? [])];
    const isLost = document.activeElement === document.body || document.activeElement === null;
    if (lastAt.current !== -1 && isLost) rows[Math.min(lastAt.current, rows.length - 1)]?.focus();
    const track = () => {
      const open = rows.findIndex((row) => row.getAttribute('aria-expanded') === 'true');
      lastAt.current = open === -1 ? rows.indexOf(document.activeElement as HTMLElement) : open;
    };
    document.addEventListener('focusin', track);
    return () => document.removeEventListener('focusin', track);
  });
}
