import { NO_SANDBOX } from '@farhand/shared/model/sandbox';
import { createAuditLayer } from '../audit/layer/audit-layer.ts';
import { withHostEnvironment } from '../hosts/host-environment.ts';
import { createOperations } from '../operations/create-operations.ts';
import type { Operations } from '../operations/operations.ts';
import { createRuns, type RunsDeps } from '../runs/create-runs.ts';
import { NO_PROJECT } from '../runs/run-places.ts';
import type { Runs } from '../runs/runs.ts';
import type { DomainDeps, Foundation } from './foundation.ts';
import type { Work } from './work.ts';

/** Commands on hosts, guarded and recorded as those in workspaces are. */
export function createRunsOf(deps: DomainDeps & Foundation & Work): Runs {
  const { audit, db, log, runtimes, workspaces, secrets, approvals, hostTasks } = deps;
  const { sandboxes, whichHost, hostRecords, resting } = deps;
  const recorded = createAuditLayer({
    audit,
    redactor: (id) => secrets.redactor(id),
    sandboxOf: (_place, { profile = null }) => profile ?? NO_SANDBOX,
  });
  const recordedOnHost: RunsDeps['recorded'] = (runtime, { by, sessionId, profile }) => {
    const { hostId } = runtime;
    const place = { workspaceId: null, projectId: NO_PROJECT, hostId, directory: '/' };
    return recorded(runtime, place, { kind: 'terminal', sessionId, by, profile });
  };
  return createRuns({
    db,
    log,
    runtimes,
    workspaces,
    secrets,
    approvals,
    hostTasks,
    hostEnvironment: (runtime) => withHostEnvironment(runtime, hostRecords),
    recorded: recordedOnHost,
    // Another program reaches what a person has set up, and leads to no other place.
    resolveHost(wanted, by) {
      const hostId = whichHost.resolve(wanted, { isKnownOnly: by.kind === 'token' });
      // Who types a command for a machine wants it to run.
      if (by.kind === 'page' || by.kind === 'cli') resting.wake(hostId);
      return hostId;
    },
    hostDirectory(hostId) {
      whichHost.resolve(hostId);
      return hostRecords.get(hostId)?.directory ?? null;
    },
    sandboxed: (runtime, how) => sandboxes.wrap(runtime, how),
  });
}

/** The named operations of config.toml. */
export function createOperationsOf(
  deps: DomainDeps & Foundation & Work & { readonly runs: Runs },
): Operations {
  const { configFile, db, log, projects, runs, runtimes, sessions, vault, workspaces } = deps;
  return createOperations({
    db,
    configFile,
    runs,
    runtimeOf: (hostId) => runtimes.for(hostId),
    workspaces,
    sessions,
    projects,
    tokenKey: () => vault.derive('operation tokens'),
    log,
  });
}
