import type { Session } from '@farhand/shared/model/sessions';
import { ArrowUp, ImagePlus, Square } from 'lucide-react';
import { useRef } from 'react';
import { useConnection } from '@/client/connection-store.ts';
import { Button, IconButton } from '@/ui/button.tsx';
import { IMAGE_TYPES } from './image-limits.ts';
import { LaterButton } from './later-button.tsx';
import { isTurnOpen } from './queue.ts';
import type { useSend } from './use-send.ts';

interface ActionsProps {
  readonly session: Session;
  readonly sending: ReturnType<typeof useSend>;
  readonly canSend: boolean;
  /** Null where the agent takes no pictures. */
  readonly onImages: ((files: readonly File[]) => void) | null;
  /** With a time for later, or null for now. */
  onSend(notBefore: string | null): void;
}

/** What is done with the message: pictures to it, send it later or now; and the stop of the turn. */
export function ComposerActions({ session, sending, canSend, onImages, onSend }: ActionsProps) {
  const isConnected = useConnection((state) => state.connection.state === 'connected');
  const isWorking = isTurnOpen(session.state);
  const isReady = canSend && !sending.isSending && isConnected;
  return (
    <>
      {onImages && <ImageButton onImages={onImages} />}
      <LaterButton isDisabled={!isReady} onChoose={onSend} />
      {isWorking && (
        <Button
          size="small"
          className="phone:h-11 phone:px-3"
          disabled={sending.isStopping || !isConnected}
          onClick={() => void sending.stop()}
          title="Esc twice"
        >
          <Square className="size-2.5 fill-current" aria-hidden />
          {sending.isStopping ? 'Stopping' : 'Stop'}
        </Button>
      )}
      <Button
        variant="primary"
        size="small"
        aria-label={isWorking ? 'Queue' : 'Send'}
        title={isWorking ? 'Queue (Enter)' : 'Send (Enter)'}
        disabled={!isReady}
        onClick={() => onSend(null)}
        className="phone:h-11 phone:px-3.5"
      >
        <ArrowUp className="size-4" aria-hidden />
      </Button>
    </>
  );
}

function ImageButton({ onImages }: { readonly onImages: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton label="Add pictures" className="phone:size-11" onClick={() => input.current?.click()}>
        <ImagePlus className="size-3.5" aria-hidden />
      </IconButton>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label="Pictures"
        accept={IMAGE_TYPES.join(',')}
        onChange={({ target }) => {
          onImages([...(target.files ?? [])]);
          // The same file can be chosen again after it was taken out.
          target.value = '';
        }}
      />
    </>
  );
}
