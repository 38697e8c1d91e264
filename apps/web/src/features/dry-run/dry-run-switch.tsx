import type { SessionId } from '@farhand/shared/model/ids';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { useDryRun } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { switchDryRun } from './switch-dry-run.ts';

/** Turns a session's dry run on and off. */
export function DryRunSwitch({ sessionId }: { readonly sessionId: SessionId }) {
  const isOn = useDryRun(sessionId)?.isOn ?? false;
  const [isGoing, setIsGoing] = useState(false);
  const toggle = async () => {
    setIsGoing(true);
    await switchDryRun(sessionId);
    setIsGoing(false);
  };
  return (
    <Button
      size="small"
      variant="ghost"
      aria-pressed={isOn}
      disabled={isGoing}
      title="In a dry run commands and changes are collected, and done only when you apply them."
      className={cx('composer-dry-run phone:order-first phone:h-11 phone:min-w-11', isOn && 'bg-selected')}
      onClick={() => void toggle()}
    >
      <FlaskConical className={cx('size-3.5', isOn && 'text-accent')} aria-hidden />
      <span className="phone:sr-only">Dry run</span>
    </Button>
  );
}
