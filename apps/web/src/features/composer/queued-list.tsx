import type { QueuedMessage } from '@farhand/shared/model/queue';
import type { Session } from '@farhand/shared/model/sessions';
import { Clock, Image, Pencil, X } from 'lucide-react';
import { memo, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { LOCAL_HOST } from '@/client/ids.ts';
import { useQueuedOf, useWorkspace } from '@/client/state-store.ts';
import { useNow } from '@/client/use-now.ts';
import { Button, IconButton } from '@/ui/button.tsx';
import { hostName } from '../hosts/connection-text.ts';
import { InlineError } from './inline-error.tsx';
import { queueText } from './queue-text.ts';
import { QueuedEdit } from './queued-edit.tsx';

/** The messages that wait for their turn, their time or their place, above the composer, in the order of sending. */
export function QueuedList({ session }: { readonly session: Session }) {
  const queued = useQueuedOf(session.id);
  const hostId = useWorkspace(session.workspaceId)?.hostId ?? LOCAL_HOST;
  const host = hostId === LOCAL_HOST ? 'this machine' : hostName(hostId);
  if (queued.length === 0) return null;
  return (
    <ul
      aria-label="Queued messages"
      className="mb-1 flex max-h-48 flex-col gap-1 overflow-y-auto has-[textarea]:max-h-80"
    >
      {queued.map((message) => (
        <Queued key={message.id} message={message} host={host} />
      ))}
    </ul>
  );
}

const Queued = memo(function Queued({
  message,
  host,
}: {
  readonly message: QueuedMessage;
  readonly host: string;
}) {
  const [isEditing, setIsEditing] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [isUnderWay, setIsUnderWay] = useState(false);
  const now = useNow(30_000);
  const attempt = async (run: () => Promise<unknown>): Promise<boolean> => {
    setIsUnderWay(true);
    setError(null);
    try {
      await run();
      return true;
    } catch (thrown) {
      setError(ApiError.from(thrown));
      return false;
    } finally {
      setIsUnderWay(false);
    }
  };
  const { id: messageId } = message;
  const save = async (text: string, notBefore: string | null) => {
    if (await attempt(() => call('queue.edit', { messageId, text, notBefore }))) setIsEditing(false);
  };
  const isHeld = message.reason === 'person';
  return (
    <li className="queued" data-queued={message.reason}>
      {isEditing ? (
        <QueuedEdit
          message={message}
          isUnderWay={isUnderWay}
          onSave={(text, notBefore) => void save(text, notBefore)}
          onClose={() => setIsEditing(false)}
        />
      ) : (
        <div className="flex flex-wrap items-center gap-x-2">
          <Clock className="size-3.5 shrink-0 text-text-3" aria-hidden />
          <span className={isHeld ? 'text-small text-failed' : 'text-small text-text-3'}>
            {queueText(message, { host, now })}
          </span>
          <span className="min-w-24 flex-1 truncate text-text-2" title={message.text.slice(0, 1000)}>
            {message.text}
          </span>
          {message.attachments.length > 0 && (
            <span className="flex shrink-0 items-center gap-1 text-small text-text-3">
              <Image className="size-3.5" aria-label="Attachments" />
              {message.attachments.length}
            </span>
          )}
          <span className="ml-auto flex shrink-0 items-center">
            {message.reason !== 'turn' && (
              <Button
                size="small"
                variant="ghost"
                className="phone:h-11"
                disabled={isUnderWay}
                onClick={() => void attempt(() => call('queue.send_now', { messageId }))}
              >
                {isHeld ? 'Try again' : 'Send now'}
              </Button>
            )}
            <IconButton
              label="Edit the queued message"
              className="phone:size-11"
              onClick={() => setIsEditing(true)}
            >
              <Pencil className="size-3.5" aria-hidden />
            </IconButton>
            <IconButton
              label="Remove the queued message"
              className="phone:size-11"
              disabled={isUnderWay}
              onClick={() => void attempt(() => call('queue.remove', { messageId }))}
            >
              <X className="size-3.5" aria-hidden />
            </IconButton>
          </span>
        </div>
      )}
      {error && <InlineError error={error} onClose={() => setError(null)} />}
    </li>
  );
});
