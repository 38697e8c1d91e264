import { askText } from '@farhand/shared/model/connection-text';
import type { ConnectionState, HostId } from '@farhand/shared/model/hosts';
import dynamic from 'next/dynamic';
import { load } from '@/client/load.ts';
import { useHost } from '@/client/state-store.ts';
import { openDialog } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { hostName } from './connection-text.ts';
import { reconnect, showHostSettings } from './host-actions.ts';
import { resting, takenAway } from './host-standing.ts';
import { RefusalText } from './refusal-text.tsx';

const KeyChangePanel = dynamic(
  () => load(() => import('./key-change-panel.tsx').then((module) => module.KeyChangePanel)),
  { ssr: false },
);

/** Stands above a workspace whose host wants something of a person: an answer, or a mended cause. */
export function HostNotice({ hostId }: { readonly hostId: HostId }) {
  const connection = useHost(hostId)?.connection;
  if (connection?.state === 'asking') {
    return (
      <section
        aria-label="Question of the host"
        className="flex shrink-0 items-center gap-3 border-b border-hairline bg-blocked-wash px-3 py-2"
      >
        <p className="min-w-0 flex-1">
          <span className="font-medium">{hostName(hostId)}</span> {askText(connection.question)}.
        </p>
        <Button size="small" onClick={() => openDialog({ kind: 'answer_host', hostId })}>
          Answer
        </Button>
      </section>
    );
  }
  return connection?.state === 'refused' ? <Refused hostId={hostId} refusal={connection} /> : null;
}

interface RefusedProps {
  readonly hostId: HostId;
  readonly refusal: Extract<ConnectionState, { state: 'refused' }>;
}

function Refused({ hostId, refusal }: RefusedProps) {
  if (refusal.keyChange) {
    return (
      <div className="max-h-[60%] shrink-0 overflow-y-auto border-b border-hairline p-3">
        <KeyChangePanel hostId={hostId} change={refusal.keyChange} />
      </div>
    );
  }
  return (
    <div
      role="alert"
      className="flex shrink-0 items-start gap-3 border-b border-hairline bg-failed-wash px-3 py-2"
    >
      <div className="min-w-0 flex-1">
        <RefusalText refusal={refusal} />
      </div>
      {takenAway(refusal) ? (
        <Button size="small" onClick={showHostSettings}>
          Host settings
        </Button>
      ) : (
        <Button size="small" onClick={() => reconnect(hostId)}>
          {resting(refusal) ? 'Start and connect' : 'Try again'}
        </Button>
      )}
    </div>
  );
}
