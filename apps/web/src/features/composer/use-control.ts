import type { AgentControls } from '@farhand/shared/model/agents';
import { useEffect, useState } from 'react';
import { call } from '@/client/call.ts';
import { showError } from '@/ui/toast.tsx';

interface Pending {
  readonly control: string;
  readonly value: string | boolean;
  /** What the agent had said when it was chosen. */
  readonly before: AgentControls;
}

export interface SetControl {
  /** The value to show: what was chosen, until the agent has said what holds. */
  valueOf(control: string, known: string | boolean | null): string | boolean | null;
  set(control: string, value: string | boolean): void;
}

// An agent that takes a choice and says nothing is shown as it says it is.
const BELIEVED_MS = 1500;

/** Sets the mode (`mode`) or an option of a session's agent. */
export function useControl(controls: AgentControls): SetControl {
  const [pending, setPending] = useState<Pending | null>(null);
  const [isTaken, setIsTaken] = useState(false);
  const shown = pending?.before === controls ? pending : null;
  useEffect(() => {
    if (!isTaken) return;
    const timer = setTimeout(() => {
      setPending(null);
      setIsTaken(false);
    }, BELIEVED_MS);
    return () => clearTimeout(timer);
  }, [isTaken]);
  return {
    valueOf: (control, known) => (shown?.control === control ? shown.value : known),
    set(control, value) {
      setPending({ control, value, before: controls });
      setIsTaken(false);
      call('session.set_control', { sessionId: controls.id, control, value }).then(
        () => setIsTaken(true),
        (error: unknown) => {
          setPending(null);
          showError('The setting was not changed', error);
        },
      );
    },
  };
}
