import type { HostId, KeyChange } from '@farhand/shared/model/hosts';
import { ShieldAlert } from 'lucide-react';
import { useHost } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { hostName } from './connection-text.ts';
import { reconnect } from './host-actions.ts';
import { HostKeyFacts } from './host-key-facts.tsx';
import { removeKeyCommand } from './key-change.ts';

interface KeyChangePanelProps {
  readonly hostId: HostId;
  readonly change: KeyChange;
}

interface Telling {
  readonly title: string;
  readonly text: string;
  /** What the record is of: the key before, or the revocation. */
  readonly record: string;
  readonly wayOut: string;
}

const CHANGED: Telling = {
  title: 'has changed',
  text: 'The host may have been set up anew, or somebody stands between you and it. Ask who runs the host which fingerprint is right, by another way than this connection.',
  record: 'Recorded in',
  wayOut:
    'Farhand does not connect while the keys differ. If the new one is right, remove the old one in a terminal on the machine where Farhand runs, then try again: you are asked about the new key.',
};
const REVOKED: Telling = {
  title: 'was revoked',
  text: 'Somebody said that this key must not be trusted any more, as it may be in the wrong hands: whoever shows it may be somebody else. Ask who runs the host, by another way than this connection.',
  record: 'Revoked in',
  wayOut: 'Farhand does not connect while the host shows this key. It needs a new one; then try again.',
};

/** A host key that is not the one on record, or was revoked: the facts and how it is resolved, and no way past it. */
export function KeyChangePanel({ hostId, change }: KeyChangePanelProps) {
  const connection = useHost(hostId)?.connection;
  const name = hostName(hostId);
  const refusal = connection?.state === 'refused' ? connection : null;
  const isRevoked = refusal?.code === 'host.key_revoked';
  const { title, text, record, wayOut } = isRevoked ? REVOKED : CHANGED;
  const facts = [
    // What ssh says of a revoked key may leave it out.
    ...(change.offered ? [{ name: 'Offered now', value: change.offered, canCopy: true }] : []),
    ...(isRevoked ? [] : change.known.map((value) => ({ name: 'On record', value, canCopy: true }))),
    { name: 'Key type', value: change.type },
    // A list of revoked keys has no lines to point at.
    ...change.records.map(({ file, line }) => ({
      name: record,
      value: line > 0 ? `${file}, line ${line}` : file,
    })),
  ];
  return (
    <section
      role="alert"
      aria-label={`The key of ${name} ${title}`}
      className="flex flex-col gap-3 rounded-ui border border-failed bg-failed-wash p-4"
    >
      <h2 className="flex items-center gap-2 text-read font-semibold text-text">
        <ShieldAlert aria-hidden="true" className="size-4 shrink-0 text-failed" />
        The key of {name} {title}
      </h2>
      <p className="text-text">{text}</p>
      <HostKeyFacts facts={facts} />
      <p className="text-text-2">{wayOut}</p>
      {!isRevoked && (
        <HostKeyFacts
          facts={[
            {
              name: 'Command',
              value: removeKeyCommand(hostId, change, refusal?.hint ?? null),
              canCopy: true,
            },
          ]}
        />
      )}
      <div>
        <Button onClick={() => reconnect(hostId)}>Try again</Button>
      </div>
    </section>
  );
}
