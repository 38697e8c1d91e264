import type { AgentId } from '@farhand/shared/model/agents';
import type { TerminalActivity } from '@farhand/shared/model/terminals';
import { createActivity } from './activity.ts';

/** A change is told this long after the first: a title that turns tells ten a second. */
const TELL_AFTER_MS = 200;

/** What the agent in one terminal is seen to do, told when it changes. */
export interface WatchedActivity {
  /** `isLive` where the program may still wait for an answer. */
  output(bytes: Uint8Array, isLive: boolean): void;
  typed(): void;
  current(): TerminalActivity | null;
  close(): void;
}

interface Options {
  readonly agent: AgentId | null;
  readonly onChange: () => void;
  /** Writes to the program's input. */
  readonly answer: (text: string) => void;
}

export function watchActivity({ agent, onChange, answer }: Options): WatchedActivity {
  const activity = createActivity({ agent });
  let told: TerminalActivity | null = null;
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    if (activity.current() === told) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      if (activity.current() === told) return;
      told = activity.current();
      onChange();
    }, TELL_AFTER_MS).unref();
  };
  return {
    output(bytes, isLive) {
      const wanted = activity.output(bytes, isLive);
      if (wanted !== '') answer(wanted);
      look();
    },
    typed() {
      activity.typed();
      look();
    },
    current: () => activity.current(),
    close: () => clearTimeout(timer),
  };
}
