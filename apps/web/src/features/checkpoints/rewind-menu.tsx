import type { TurnId } from '@farhand/shared/model/ids';
import { History } from 'lucide-react';
import { use } from 'react';
import { BUILTIN_AGENT } from '@/client/ids.ts';
import { useSession } from '@/client/state-store.ts';
import { IconButton } from '@/ui/button.tsx';
import { Menu } from '@/ui/menu.tsx';
import { type SessionPlace, SessionPlaceContext } from '../transcript/session-place.ts';
import { askRewind } from './rewind-store.ts';

/** At a message: goes back to before it. Nothing where there is no session around it. */
export function RewindMenu({ turnId }: { readonly turnId: TurnId }) {
  const place = use(SessionPlaceContext);
  return place ? <OfSession place={place} turnId={turnId} /> : null;
}

function OfSession({
  place: { sessionId },
  turnId,
}: {
  readonly place: SessionPlace;
  readonly turnId: TurnId;
}) {
  const session = useSession(sessionId);
  const isAtWork = session !== undefined && ['working', 'blocked', 'contact_lost'].includes(session.state);
  const canForget = session?.agent === BUILTIN_AGENT;
  const item = (label: string, what: 'files' | 'conversation' | 'both', isDisabled = false) => ({
    label,
    isDisabled: isAtWork || isDisabled,
    onSelect: () => askRewind({ sessionId, to: turnId, what }),
  });
  return (
    <Menu
      align="end"
      items={[
        item('Rewind files', 'files'),
        item(
          canForget ? 'Rewind conversation' : 'Rewind conversation (this agent cannot)',
          'conversation',
          !canForget,
        ),
        item('Rewind both', 'both', !canForget),
      ]}
    >
      <IconButton
        label={isAtWork ? 'Rewind, once the agent rests' : 'Rewind to before this message'}
        className="rewind-button"
        data-rewind={turnId}
      >
        <History className="size-3.5" aria-hidden />
      </IconButton>
    </Menu>
  );
}
