import { join } from 'node:path';
import { createLocalRuntime } from '@farhand/runtime-local/runtime';
import { createSshProbe } from '@farhand/runtime-ssh/probe';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import type { HostId } from '@farhand/shared/model/hosts';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import { recordedAudit } from '../../audit/testing/recorded-audit.ts';
import { createHostBase } from '../../composition/host-base.ts';
import { openConfigFile } from '../../config/config-file.ts';
import { createStateFeed, type StateChange } from '../../feed/state-feed.ts';
import { createRuntimes, type RuntimeFactories } from '../../runtimes/registry.ts';
import { openDatabase } from '../../store/database.ts';
import { createHosts } from '../hosts.ts';

interface HostBenchOptions {
  /** `none` in the folder when absent. */
  readonly sshConfigPath?: string;
  readonly hostsInUse?: () => readonly HostId[];
  readonly forgetTasks?: (id: HostId) => void;
  /** In place of real ones. */
  readonly runtimes?: Runtimes;
}

/** The hosts of a server of the test's own: real files, a real store, real ssh. */
export function openHostBench(folder: string, options: HostBenchOptions = {}) {
  const { sshConfigPath = join(folder, 'none'), hostsInUse = () => [], forgetTasks = () => {} } = options;
  const db = openDatabase(join(folder, 'db'));
  const configFile = openConfigFile(join(folder, 'config.toml'));
  const feed = createStateFeed();
  const changes: StateChange[] = [];
  feed.watch((change) => changes.push(change));
  const recorded = recordedAudit();
  const audit = { ...recorded, recordLater: recorded.record };
  const environment = process.env;
  const factories: RuntimeFactories = {
    local: () => createLocalRuntime({ environment }),
    ssh: (hostId, { access, ...settings }) =>
      createSshRuntime({
        hostId,
        environment,
        sshConfigPath,
        runtimeDirectory: join(folder, 'run'),
        ...access,
        ...settings,
      }),
    probe: createSshProbe({ environment, sshConfigPath }),
    defaultMethod: 'master',
  };
  const base = createHostBase({ db, configFile }, { runtimes: factories, sshConfigPath });
  const runtimes = options.runtimes ?? createRuntimes(factories, base.settings.of);
  const hosts = createHosts({
    runtimes,
    feed,
    audit,
    hostsInUse,
    forgetTasks,
    factories,
    records: base.hostRecords,
    aliases: base.aliases,
    which: base.whichHost,
    store: base.hostStore,
    resting: base.resting,
    settings: base.settings,
    questions: base.questions,
  });
  return {
    ...base,
    hosts,
    runtimes,
    feed,
    changes,
    configFile,
    audit: recorded,
    async close() {
      hosts.close();
      base.hostRecords.close();
      base.aliases.close();
      configFile.close();
      await runtimes.close();
      db.close();
    },
  };
}
