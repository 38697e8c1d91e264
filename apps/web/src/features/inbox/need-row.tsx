import { AlarmClock } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, type RefObject, useRef, useState } from 'react';
import { agoText } from '@/client/duration.ts';
import { useServerState } from '@/client/state-store.ts';
import { useIsPhone } from '@/client/use-media.ts';
import { cx } from '@/ui/cx.ts';
import { Menu } from '@/ui/menu.tsx';
import { StatusMark } from '@/ui/status-mark.tsx';
import { hostName } from '../hosts/connection-text.ts';
import { snooze } from './inbox-store.ts';
import { NeedCard } from './need-card.tsx';
import type { Need } from './needs-you.ts';
import { SNOOZES } from './snooze.ts';
import { goToNeed } from './use-needs-you.ts';

interface NeedRowProps {
  readonly need: Need;
  readonly now: number;
  readonly isSnoozed?: boolean;
}

/**
 * One thing that waits. A question opens its card: below the row on a phone, beside it elsewhere. Keys: Enter goes
 * there, `a` and `d` open the card and then answer, `s` puts it off.
 */
export function NeedRow({ need, now, isSnoozed = false }: NeedRowProps) {
  const isPhone = useIsPhone();
  const [isOpen, setIsOpen] = useState(false);
  const snoozer = useRef<HTMLButtonElement>(null);
  const row = useRef<HTMLAnchorElement>(null);
  const workspaceName = useServerState(
    (state) => need.workspaceId && state.workspaces[need.workspaceId]?.name,
  );
  const name = need.hostId ? hostName(need.hostId) : workspaceName;
  const canAnswer = need.approvalId !== null;
  // Several sessions of one workspace may have ended: their titles tell them apart.
  const title = useServerState((state) => (need.sessionId ? state.sessions[need.sessionId]?.title : ''));
  const topic = canAnswer ? '' : title;

  const onClick = (event: MouseEvent) => {
    // A click with a modifier is left to the browser, which opens the workspace elsewhere.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    if (canAnswer) setIsOpen(!isOpen);
    else goToNeed(need);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
    const isAnswer = event.key === 'a' || event.key === 'd' || event.key === ' ';
    if (event.key === 'Enter') goToNeed(need);
    // What is asked is seen before it is answered: the same key in the card then answers.
    else if (isAnswer && canAnswer) setIsOpen(true);
    else if (event.key === 's') snoozer.current?.click();
    else return;
    event.preventDefault();
  };
  return (
    <li className="group/need">
      <div className="relative flex items-center rounded-ui hover:bg-hover has-focus-visible:bg-hover">
        <a
          ref={row}
          href={need.workspaceId ? `?w=${need.workspaceId}` : `?a=${need.approvalId}`}
          data-row
          data-need={need.id}
          {...(canAnswer && { 'aria-expanded': isOpen })}
          onClick={onClick}
          onKeyDown={onKeyDown}
          className={cx(
            'flex h-10 min-w-0 flex-1 items-center gap-2 rounded-ui px-2 text-text-2 outline-offset-[-2px] hover:text-text phone:h-14',
            isSnoozed && 'opacity-70',
          )}
        >
          <StatusMark status={need.status} />
          <span className="flex min-w-0 flex-1 flex-col leading-4.5">
            <span className="truncate text-text">{name}</span>
            <span
              className="flex min-w-0 text-small leading-4 text-text-3"
              title={topic ? `${topic} · ${need.text}` : need.text}
            >
              {/* What happened is read whole before what it happened to. */}
              {topic && <span className="truncate">{topic}</span>}
              <span className="max-w-full shrink-0 truncate">
                {topic && '\u00a0· '}
                {need.text}
              </span>
            </span>
          </span>
          {/* Where a pointer hovers, the button that snoozes stands in its place. */}
          <span className="shrink-0 text-micro tabular-nums text-text-3 group-hover/need:invisible group-has-[button:focus-visible,button[aria-expanded=true]]/need:invisible phone:visible!">
            {agoText(now - Date.parse(need.since))}
          </span>
        </a>
        <SnoozeMenu need={need} isSnoozed={isSnoozed} button={snoozer} />
      </div>
      {isOpen && need.approvalId && (
        <NeedCard
          approvalId={need.approvalId}
          anchor={row}
          isInline={isPhone}
          onGo={() => goToNeed(need)}
          onClose={() => setIsOpen(false)}
        />
      )}
    </li>
  );
}

interface SnoozeMenuProps {
  readonly need: Need;
  readonly isSnoozed: boolean;
  readonly button: RefObject<HTMLButtonElement | null>;
}

function SnoozeMenu({ need, isSnoozed, button }: SnoozeMenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const items = isSnoozed
    ? [{ label: 'Bring back now', onSelect: () => snooze(need, 0) }]
    : SNOOZES.map(({ label, until }) => ({ label, onSelect: () => snooze(need, until(new Date())) }));
  return (
    <Menu align="end" items={items} open={isOpen} onOpenChange={setIsOpen}>
      <button
        ref={button}
        type="button"
        tabIndex={-1}
        aria-label={`Snooze: ${need.text}`}
        // The menu opens by the pointer; a click without one comes from the key of the row.
        onClick={() => setIsOpen(true)}
        className="absolute right-1 inline-flex size-6 shrink-0 items-center justify-center rounded-ui text-text-3 opacity-0 group-hover/need:opacity-100 hover:text-text focus-visible:opacity-100 aria-expanded:opacity-100 phone:static phone:size-12 phone:opacity-100"
      >
        <AlarmClock className="size-3.5" aria-hidden />
      </button>
    </Menu>
  );
}
