import type { SessionId } from '@farhand/shared/model/ids';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { call } from '@/client/call.ts';
import { useDryRun } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { showError } from '@/ui/toast.tsx';

/** Turns a session's dry run on and off. */
export function DryRunSwitch({ sessionId }: { readonly sessionId: SessionId }) {
  const isOn = useDryRun(sessionId)?.isOn ?? false;
  const [isGoing, setIsGoing] = useState(false);
  const toggle = async () => {
    setIsGoing(true);
    await call('dry_run.set', { sessionId, isOn: !isOn }).catch((error: unknown) =>
      showError(`The dry run was not switched ${isOn ? 'off' : 'on'}`, error),
    );
    setIsGoing(false);
  };
  return (
    <Button
      size="small"
      variant="ghost"
      aria-pressed={isOn}
      disabled={isGoing}
      title="In a dry run commands and changes are collected, and done only when you apply them."
      className={cx('phone:h-11', isOn && 'bg-selected')}
      onClick={() => void toggle()}
    >
      <FlaskConical className={cx('size-3.5', isOn && 'text-accent')} aria-hidden />
      Dry run
    </Button>
  );
}
