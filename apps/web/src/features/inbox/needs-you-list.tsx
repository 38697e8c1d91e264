import type { MouseEvent } from 'react';
import { agoText } from '@/client/duration.ts';
import { useServerState } from '@/client/state-store.ts';
import { useNow } from '@/client/use-now.ts';
import { Kbd } from '@/ui/kbd.tsx';
import { StatusMark } from '@/ui/status-mark.tsx';
import { hostName } from '../hosts/connection-text.ts';
import { KEYMAP } from '../keys/keymap.ts';
import type { Need } from './needs-you.ts';
import { goToNeed, useNeedsYou } from './use-needs-you.ts';

const MINUTE_MS = 60_000;

/** All that waits for a person, oldest first, with how long it has waited; nothing at all when nothing does. */
export function NeedsYouList() {
  const needs = useNeedsYou();
  const now = useNow(MINUTE_MS / 2, needs.length > 0);
  if (needs.length === 0) return null;
  return (
    <section
      aria-label="Needs you"
      className="flex max-h-[40%] shrink-0 flex-col border-t border-hairline py-2"
    >
      <h2 className="flex items-center gap-2 px-3 pb-1 text-small font-medium text-text-2">
        Needs you <span className="tabular-nums text-text-3">{needs.length}</span>
        <Kbd keys={KEYMAP['needs_you.next'].keys} className="ml-auto phone:hidden" />
      </h2>
      <ul className="min-h-0 overflow-y-auto px-2">
        {needs.map((need) => (
          <NeedRow key={need.id} need={need} now={now} />
        ))}
      </ul>
    </section>
  );
}

// A click with a modifier is left to the browser, which opens the workspace elsewhere.
function followNeed(event: MouseEvent, need: Need): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  goToNeed(need);
}

function NeedRow({ need, now }: { readonly need: Need; readonly now: number }) {
  const workspaceName = useServerState((state) => state.workspaces[need.workspaceId]?.name);
  const name = need.hostId ? hostName(need.hostId) : workspaceName;
  return (
    <li>
      <a
        href={`?w=${need.workspaceId}`}
        data-row
        onClick={(event) => followNeed(event, need)}
        className="flex h-7 items-center gap-2 rounded-ui px-2 text-text-2 outline-offset-[-2px] hover:bg-hover hover:text-text phone:h-11"
      >
        <StatusMark status={need.status} />
        <span className="max-w-[60%] shrink-0 truncate text-text">{name}</span>
        <span className="min-w-0 flex-1 truncate text-small text-text-3" title={need.text}>
          {need.text}
        </span>
        <span className="shrink-0 text-micro tabular-nums text-text-3">
          {agoText(now - Date.parse(need.since))}
        </span>
      </a>
    </li>
  );
}
