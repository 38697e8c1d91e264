import { useState } from 'react';
import { useIsPhone } from '@/client/use-media.ts';
import { Button } from '@/ui/button.tsx';
import { PlaceButton } from '../shell/place-button.tsx';
import { KeepDialog } from './keep-dialog.tsx';
import { useVerify, VerifyBar } from './verify.tsx';

/** The line above the log, and what a look at the whole of it found. */
export function AuditHead() {
  const isPhone = useIsPhone();
  const [isKeepOpen, setIsKeepOpen] = useState(false);
  const verify = useVerify();
  return (
    <>
      <header className="flex h-10 shrink-0 items-center gap-2 border-b border-hairline bg-app px-2 phone:h-12 phone:gap-1 phone:px-0.5">
        <PlaceButton />
        <h2 className="shrink-0 text-ui font-semibold">Audit log</h2>
        <span className="flex-1" />
        <Button size="small" className="phone:h-11" onClick={() => setIsKeepOpen(true)}>
          {isPhone ? 'Keep…' : 'Keep and export…'}
        </Button>
        <Button size="small" className="phone:h-11" disabled={verify.isRunning} onClick={verify.run}>
          {verify.isRunning ? 'Verifying' : 'Verify'}
        </Button>
      </header>
      <VerifyBar verify={verify} />
      {isKeepOpen && <KeepDialog onClose={() => setIsKeepOpen(false)} />}
    </>
  );
}
