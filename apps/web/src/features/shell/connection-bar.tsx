import type { ReactNode } from 'react';
import { useConnection } from '@/client/connection-store.ts';
import { retryNow } from '@/client/socket.ts';
import { useNow } from '@/client/use-now.ts';
import { Button } from '@/ui/button.tsx';

// A blip that mends itself is no news; the first two tries come within two seconds.
const FIRST_SHOWN_ATTEMPT = 2;

/** The quiet line while the server is lost: when it is tried again, and a button that tries now. */
export function ConnectionBar() {
  const connection = useConnection((state) => state.connection);
  const isRetrying = connection.state === 'retrying';
  const now = useNow(1000, isRetrying);
  if (connection.state === 'outdated') {
    return (
      <Bar text="The server was updated. This page is too old to speak with it.">
        <Button size="small" onClick={() => location.reload()}>
          Reload
        </Button>
      </Bar>
    );
  }
  if (!isRetrying || connection.attempt < FIRST_SHOWN_ATTEMPT) return null;
  const seconds = Math.max(0, Math.ceil((connection.nextAt - now) / 1000));
  return (
    <Bar
      text="The Farhand server does not answer. What you see is the last that was known."
      count={`Next try in ${seconds} s`}
    >
      <Button size="small" className="phone:h-11" onClick={retryNow}>
        Retry now
      </Button>
    </Bar>
  );
}

interface BarProps {
  readonly text: string;
  /** Not read aloud: it changes every second. */
  readonly count?: string;
  readonly children: ReactNode;
}

function Bar({ text, count, children }: BarProps) {
  return (
    <div className="flex min-h-9 shrink-0 items-center gap-3 border-b border-hairline bg-blocked-wash px-4 py-1 text-small">
      <output className="min-w-0 flex-1">{text}</output>
      {count && (
        <span aria-hidden="true" className="shrink-0 tabular-nums text-text-2">
          {count}
        </span>
      )}
      {children}
    </div>
  );
}
