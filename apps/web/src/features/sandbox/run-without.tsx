import type { SessionId } from '@farhand/shared/model/ids';
import { NO_SANDBOX } from '@farhand/shared/model/sandbox';
import { useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '@/ui/dialog.tsx';
import { setSessionSandbox } from './sandbox-actions.ts';

interface RunWithoutProps {
  readonly sessionId: SessionId;
  /** Once the session has no sandbox. */
  readonly onDone: () => void;
}

/** Takes a session out of its sandbox, once a person has said so twice. */
export function RunWithout({ sessionId, onDone }: RunWithoutProps) {
  const [isAsking, setIsAsking] = useState(false);
  const [isGoing, setIsGoing] = useState(false);
  const close = () => setIsAsking(false);
  const run = async () => {
    setIsGoing(true);
    const isDone = await setSessionSandbox(sessionId, NO_SANDBOX);
    setIsGoing(false);
    close();
    if (isDone) onDone();
  };
  return (
    <>
      <Button size="small" className="phone:h-11" onClick={() => setIsAsking(true)}>
        Run this session without the sandbox
      </Button>
      {isAsking && (
        <Dialog
          title="Run without the sandbox?"
          description="Its agent and all that it starts may then do what the account on the host may do: read keys, other workspaces and the whole home folder."
          onClose={close}
        >
          <DialogBody>
            <p>
              It counts for this session alone, until you take it back. The session shows it, and it is put on
              record with your name.
            </p>
          </DialogBody>
          <DialogFooter>
            <Button onClick={close} data-autofocus>
              Cancel
            </Button>
            <Button variant="danger" disabled={isGoing} onClick={() => void run()}>
              Run without the sandbox
            </Button>
          </DialogFooter>
        </Dialog>
      )}
    </>
  );
}
