import { askText } from '@farhand/shared/model/connection-text';
import type { Host, HostId } from '@farhand/shared/model/hosts';
import { useEffect } from 'react';
import { useHost } from '@/client/state-store.ts';
import { closeDialog } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogBody } from '@/ui/dialog.tsx';
import { hostName } from './connection-text.ts';
import { reconnect } from './host-actions.ts';
import { KeyChangePanel } from './key-change-panel.tsx';
import QuestionForm from './question-form.tsx';
import { RefusalText } from './refusal-text.tsx';

/** Puts to the person what a host asks, one question after the other, until it is connected. */
export default function AnswerDialog({ hostId }: { readonly hostId: HostId }) {
  const host = useHost(hostId);
  const isDone = !host || host.connection.state === 'connected' || host.connection.state === 'idle';
  useEffect(() => {
    if (isDone) closeDialog();
  }, [isDone]);
  if (isDone) return null;
  return (
    <Dialog title={titleOf(host)} onClose={closeDialog}>
      <DialogBody>
        <Step host={host} />
      </DialogBody>
    </Dialog>
  );
}

function titleOf({ id, connection }: Host): string {
  if (connection.state === 'asking') return `${hostName(id)} ${askText(connection.question)}`;
  return connection.state === 'refused'
    ? `${hostName(id)} is not connected`
    : `Connecting to ${hostName(id)}`;
}

function Step({ host: { id, connection } }: { readonly host: Host }) {
  if (connection.state === 'asking')
    return <QuestionForm key={connection.question.id} hostId={id} question={connection.question} />;
  if (connection.state !== 'refused') return <output className="text-text-2">Waiting for the host</output>;
  if (connection.keyChange) return <KeyChangePanel hostId={id} change={connection.keyChange} />;
  return (
    <div role="alert" className="flex flex-col items-start gap-3">
      <RefusalText refusal={connection} />
      <Button variant="primary" data-autofocus onClick={() => reconnect(id)}>
        Try again
      </Button>
    </div>
  );
}
