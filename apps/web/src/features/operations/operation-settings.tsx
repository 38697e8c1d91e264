import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { stateStore } from '@/client/state-store.ts';
import { DialogBody } from '@/ui/dialog.tsx';
import { RecentRuns } from '../runs/recent-runs.tsx';
import { Group } from '../settings/group.tsx';
import { Asked, SetList } from '../settings/set-list.tsx';
import { OperationRow } from './operation-row.tsx';

const RUNS = ['runs'] as const;
const SHOWN_RUNS = 20;
const refresh = () => void queryClient.invalidateQueries({ queryKey: RUNS });

/** The named operations of config.toml: what they take, what is wrong with them, a try, and what ran lately. */
export function OperationSettings() {
  const operations = useQuery({ queryKey: ['operations'], queryFn: () => call('operation.list', {}) });
  const runs = useQuery({ queryKey: RUNS, queryFn: () => call('run.list', { limit: SHOWN_RUNS }) });
  // A question that is answered is a run that goes on.
  useEffect(
    () =>
      stateStore.subscribe((state, before) => {
        if (state.approvals !== before.approvals) refresh();
      }),
    [],
  );
  return (
    <DialogBody className="gap-6!">
      <p className="text-text-2">
        Commands that agents may ask for by name, with <code>farhand-op</code>: they run by the server on the
        host that you say, after you have allowed them. Agents hold no key for it.
      </p>
      <Asked query={operations}>
        {({ operations: all, problem, configFile }) => (
          <Group title="Operations" note={`Defined in ${configFile}, under [operations.<name>].`}>
            {problem !== null && (
              <p role="alert" className="break-words text-failed">
                {problem}
              </p>
            )}
            {all.length === 0 ? (
              <p className="text-text-3">
                There are none yet. docs/operations.md has examples to begin from.
              </p>
            ) : (
              <SetList items={all}>
                {(operation) => <OperationRow key={operation.name} operation={operation} onRun={refresh} />}
              </SetList>
            )}
          </Group>
        )}
      </Asked>
      <Group title="Recent runs" note="Of operations, of farhand run, and of other programs.">
        <Asked query={runs}>{({ runs: recent }) => <RecentRuns runs={recent} />}</Asked>
      </Group>
    </DialogBody>
  );
}
