import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type HostId, hostId } from '@farhand/shared/model/hosts';
import { printable } from './terminal.ts';

/** A host as a person typed it. Throws `host.invalid_name`. */
export function parseHost(host: string): HostId {
  const parsed = hostId.safeParse(host);
  if (parsed.success) return parsed.data;
  throw new FarhandError('host.invalid_name', {
    message: `“${printable(host)}” is not a host name that ssh takes.`,
  });
}
