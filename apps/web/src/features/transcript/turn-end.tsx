import { memo, use } from 'react';
import { useNow } from '@/client/use-now.ts';
import { openDialog, type SettingsPart } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { Hint } from '@/ui/hint.tsx';
import { RunWithout } from '../sandbox/run-without.tsx';
import { agentName } from '../sessions/agent-name.ts';
import { elapsedMs, formatCount, formatDuration, secondsUntil } from './amounts.ts';
import { CopyButton } from './copy-button.tsx';
import { formatCost } from './cost.ts';
import type { TurnItem } from './rows.ts';
import { SessionPlaceContext } from './session-place.ts';

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
  const hasUsage = turn.usage.input + turn.usage.output > 0;
  const facts = [
    // Of an agent that names no model it is the agent's own id.
    agentName(turn.model),
    ...(hasUsage
      ? [`${formatCount(turn.usage.input)} tokens in`, `${formatCount(turn.usage.output)} out`]
      : []),
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

/** Where in the settings what failed can be mended. */
const NEXT_STEPS: Readonly<Record<string, { readonly part: SettingsPart; readonly label: string }>> = {
  'agent.not_installed': { part: 'agents', label: 'See the agents' },
  'sandbox.unavailable': { part: 'sandbox', label: 'See the sandbox' },
  'sandbox.profile_not_found': { part: 'sandbox', label: 'See the sandbox' },
  'sandbox.profile_invalid': { part: 'sandbox', label: 'See the sandbox' },
  'model.none': { part: 'models', label: 'Set up a model' },
  'model.unknown': { part: 'models', label: 'See the models' },
  'model.key_rejected': { part: 'models', label: 'Change the key' },
};

function Failure({ turn, prompt, onRetry }: TurnEndProps) {
  const { error } = turn;
  const place = use(SessionPlaceContext);
  const next = error ? NEXT_STEPS[error.code] : undefined;
  const details = () =>
    JSON.stringify({ ...error, turnId: turn.turnId, model: turn.model, at: turn.endedAt }, null, 2);
  return (
    <div role="alert" className="mb-2 rounded-ui bg-failed-wash px-3 py-2">
      <div className="flex items-start gap-2">
        <p className="min-w-0 flex-1 break-words text-text">{error?.message ?? 'The turn failed.'}</p>
        <CopyButton text={details} label="Copy details" />
      </div>
      {error?.hint && (
        <p className="break-words text-text-2">
          <Hint text={error.hint} />
        </p>
      )}
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-2">
        {prompt !== null && onRetry && (
          <Button size="small" className="phone:h-11" onClick={() => onRetry(prompt)}>
            Retry
          </Button>
        )}
        {next && (
          <Button
            size="small"
            className="phone:h-11"
            onClick={() => openDialog({ kind: 'settings', part: next.part })}
          >
            {next.label}
          </Button>
        )}
        {error?.code.startsWith('sandbox.') && place && prompt !== null && onRetry && (
          <RunWithout sessionId={place.sessionId} onDone={() => onRetry(prompt)} />
        )}
        {error && <code className="text-small text-text-3">{error.code}</code>}
      </div>
    </div>
  );
}
