/** Which host is meant by what a person, a page or a program says. Never another one than that. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type HostTarget, parseHostTarget } from '@farhand/shared/model/host-target';
import { type HostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import type { ConfigFile } from '../config/config-file.ts';
import type { HostStore } from './host-store.ts';
import type { HostRecords } from './records/host-records.ts';
import type { WatchedAliases } from './watched-aliases.ts';

interface HowMeant {
  /** True for who may not lead us to new places: only records, aliases and hosts of workspaces then. */
  readonly isKnownOnly?: boolean;
}

export interface WhichHost {
  /**
   * `null` is the default host, and this machine where none is set; `local` is this machine; anything else is itself.
   * Throws `host.invalid_name`, `host.disabled`, `host.deleted`, `host.record_invalid`, `host.not_known`,
   * `config.unreadable`.
   */
  resolve(wanted: string | null, how?: HowMeant): HostId;
  /** As `resolve`, with the folder for workspaces there: of `ssh://…/path`, or as its record says. */
  target(wanted: string | null, how?: HowMeant): HostTarget;
  isDefault(id: HostId): boolean;
}

interface WhichHostDeps {
  readonly records: HostRecords;
  readonly aliases: WatchedAliases;
  readonly store: HostStore;
  readonly configFile: Pick<ConfigFile, 'problem'>;
}

export function createWhichHost({ records, aliases, store, configFile }: WhichHostDeps): WhichHost {
  const isKnown = (id: HostId) =>
    id === LOCAL_HOST || records.ids().includes(id) || aliases.now().has(id) || store.isUsed(id);

  const named = (wanted: string, { isKnownOnly = false }: HowMeant): HostTarget => {
    const target = parseHostTarget(wanted);
    if (!target) {
      const message = `“${wanted}” is not a host name that ssh takes.`;
      throw new FarhandError('host.invalid_name', { message });
    }
    const { hostId } = target;
    const access = records.access(hostId);
    if ('refusal' in access) throw access.refusal;
    if (isKnownOnly && !isKnown(hostId))
      throw new FarhandError('host.not_known', {
        message: `No host is called ${hostId}.`,
        details: { hostId },
      });
    // As `ssh://host/~/path` says it.
    const folder = records.get(hostId)?.directory?.replace(/^~\//, '/~/') ?? null;
    return { hostId, baseDirectory: target.baseDirectory ?? folder };
  };
  const target = (wanted: string | null, how: HowMeant = {}): HostTarget => {
    if (wanted !== null) return named(wanted, how);
    const name = records.defaultName();
    // It may say another host than this machine: nobody knows until it can be read.
    const problem = configFile.problem();
    if (name === null && problem !== null) throw new FarhandError('config.unreadable', { message: problem });
    return name === null ? { hostId: LOCAL_HOST, baseDirectory: null } : named(name, { isKnownOnly: true });
  };
  return {
    target,
    resolve: (wanted, how) => target(wanted, how).hostId,
    isDefault(id) {
      const name = records.defaultName();
      return name === null ? id === LOCAL_HOST && configFile.problem() === null : name === id;
    },
  };
}
