import type { HostId } from '@farhand/shared/model/hosts';

/** What a person calls a host besides its name, in config.toml: `[hosts.prod] labels = ["live"]`. */
export function labelsIn(config: Readonly<Record<string, unknown>>, hostId: HostId): string[] {
  const { hosts } = config;
  const record = isTable(hosts) && Object.hasOwn(hosts, hostId) ? hosts[hostId] : undefined;
  const labels = isTable(record) ? record.labels : undefined;
  return Array.isArray(labels) ? labels.filter((label) => typeof label === 'string') : [];
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
