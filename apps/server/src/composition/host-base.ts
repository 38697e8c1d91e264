import type { Surroundings } from '../composition.ts';
import type { ConfigFile } from '../config/config-file.ts';
import { createHostSettings, type HostSettings } from '../hosts/host-settings.ts';
import { createHostStore, type HostStore } from '../hosts/host-store.ts';
import { createHostQuestions, type HostQuestions } from '../hosts/questions.ts';
import { createHostRecords, type HostRecords } from '../hosts/records/host-records.ts';
import { createRestingHosts, type RestingHosts } from '../hosts/resting-hosts.ts';
import { type WatchedAliases, watchAliases } from '../hosts/watched-aliases.ts';
import { createWhichHost, type WhichHost } from '../hosts/which-host.ts';
import type { Database } from '../store/database.ts';
import { createSettings } from '../store/settings.ts';

/** What is known of hosts before any is connected. */
export interface HostBase {
  readonly hostStore: HostStore;
  readonly hostRecords: HostRecords;
  readonly aliases: WatchedAliases;
  /** Which host is meant by a name, or by none. */
  readonly whichHost: WhichHost;
  readonly questions: HostQuestions;
  readonly settings: HostSettings;
  readonly resting: RestingHosts;
}

export function createHostBase(
  { db, configFile }: { db: Database; configFile: ConfigFile },
  { runtimes, sshConfigPath }: Pick<Surroundings, 'runtimes' | 'sshConfigPath'>,
): HostBase {
  const store = createHostStore(db);
  const records = createHostRecords({ configFile, store });
  const aliases = watchAliases(sshConfigPath);
  const questions = createHostQuestions();
  const resting = createRestingHosts(createSettings(db), records);
  return {
    hostStore: store,
    hostRecords: records,
    aliases,
    whichHost: createWhichHost({ records, aliases, store, configFile }),
    questions,
    settings: createHostSettings({
      store,
      questions,
      defaultMethod: runtimes.defaultMethod,
      resting,
    }),
    resting,
  };
}

export function closeHostBase({ hostRecords, aliases }: HostBase): void {
  hostRecords.close();
  aliases.close();
}
