import { commandText } from '@farhand/shared/model/command-text';
import type { Run } from '@farhand/shared/model/runs';
import { useState } from 'react';
import { agoText } from '@/client/duration.ts';
import { useNow } from '@/client/use-now.ts';
import { StatusMark } from '@/ui/status-mark.tsx';
import { visibleText } from '../approvals/visible-text.ts';
import { hostName } from '../hosts/connection-text.ts';
import { SetList } from '../settings/set-list.tsx';
import { runStarter, runStateText, runStatus } from './run-text.ts';
import { RunView } from './run-view.tsx';

/** The newest runs, each of which opens to what it printed. */
export function RecentRuns({ runs }: { readonly runs: readonly Run[] }) {
  if (runs.length === 0) return <p className="text-text-3">None yet.</p>;
  return <SetList items={runs}>{(run) => <RunRow key={run.id} run={run} />}</SetList>;
}

function RunRow({ run }: { readonly run: Run }) {
  const [isOpen, setIsOpen] = useState(false);
  const now = useNow(30_000);
  const words = visibleText(commandText(run.argv));
  return (
    <li className="flex flex-col gap-2 px-3 py-2">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="flex min-w-0 items-center gap-2 rounded-ui text-left phone:min-h-11"
      >
        <StatusMark status={runStatus(run)} />
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="truncate font-mono text-small">{words}</span>
          <span className="truncate text-small text-text-3">
            {[run.operation, hostName(run.hostId), runStarter(run), runStateText(run)]
              .filter((part) => part !== null)
              .join(' · ')}
          </span>
        </span>
        <time dateTime={run.createdAt} className="shrink-0 text-small text-text-3 tabular-nums">
          {agoText(now - Date.parse(run.createdAt))}
        </time>
      </button>
      {isOpen && <RunView runId={run.id} />}
    </li>
  );
}
