import { memo } from 'react';
import { useNow } from '@/client/use-now.ts';
import { Button } from '@/ui/button.tsx';
import { elapsedMs, formatCount, formatDuration, secondsUntil } from './amounts.ts';
import { CopyButton } from './copy-button.tsx';
import { formatCost } from './cost.ts';
import type { TurnItem } from './rows.ts';

interface TurnEndProps {
  readonly turn: TurnItem;
  readonly prompt: string | null;
  /** Asks the same again; absent while the session is at work. */
  readonly onRetry: ((prompt: string) => void) | null;
}

/** What stands below a turn: that it goes on, or how it ended with its model, tokens and time. */
export const TurnEnd = memo(function TurnEnd({ turn, prompt, onRetry }: TurnEndProps) {
  if (turn.state === 'working') return <Working turn={turn} />;
  const time = elapsedMs(turn.at, turn.endedAt, Date.parse(turn.at)) ?? 0;
  const facts = [
    turn.model,
    `${formatCount(turn.usage.input)} tokens in`,
    `${formatCount(turn.usage.output)} out`,
    ...(turn.costUsd == null ? [] : [formatCost(turn.costUsd)]),
    formatDuration(time),
  ];
  return (
    <div className="pt-1 pb-4" data-turn={turn.state}>
      {turn.state === 'failed' && <Failure turn={turn} prompt={prompt} onRetry={onRetry} />}
      <p className="flex flex-wrap gap-x-2 text-small text-text-3 tabular-nums">
        {turn.state === 'stopped' && <span className="text-text-2">Stopped by you</span>}
        {facts.map((fact, index) => (
          <span key={index}>{fact}</span>
        ))}
      </p>
    </div>
  );
});

function Working({ turn }: { readonly turn: TurnItem }) {
  const now = useNow(1000);
  const { retry } = turn;
  const time = formatDuration(Math.floor((elapsedMs(turn.at, null, now) ?? 0) / 1000) * 1000);
  return (
    <p className="flex items-center gap-2 pt-1 pb-4 text-small text-text-3 tabular-nums" data-turn="working">
      {retry ? (
        <span className="text-blocked">
          {retry.reason} — try {retry.attempt + 1} in {secondsUntil(retry.nextAt, now)} s
        </span>
      ) : (
        <span>Working · {time}</span>
      )}
    </p>
  );
}

function Failure({ turn, prompt, onRetry }: TurnEndProps) {
  const { error } = turn;
  const details = () =>
    JSON.stringify({ ...error, turnId: turn.turnId, model: turn.model, at: turn.endedAt }, null, 2);
  return (
    <div role="alert" className="mb-2 rounded-ui bg-failed-wash px-3 py-2">
      <div className="flex items-start gap-2">
        <p className="min-w-0 flex-1 break-words text-text">{error?.message ?? 'The turn failed.'}</p>
        <CopyButton text={details} label="Copy details" />
      </div>
      {error?.hint && <p className="text-text-2">{error.hint}</p>}
      <div className="mt-2 flex items-center gap-3">
        {prompt !== null && onRetry && (
          <Button size="small" onClick={() => onRetry(prompt)}>
            Retry
          </Button>
        )}
        {error && <code className="text-small text-text-3">{error.code}</code>}
      </div>
    </div>
  );
}
