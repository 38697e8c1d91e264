import type { HostId, KeyChange } from '@farhand/shared/model/hosts';

const quoted = (text: string): string =>
  /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** A host as known_hosts names it: `name`, or `[name]:port`. */
function recordName(hostId: HostId): string {
  const place = hostId.replace(/^ssh:\/\//, '').replace(/^.*@/, '');
  const port = hostId.startsWith('ssh://') ? /^(?<name>.*):(?<port>\d+)$/.exec(place) : null;
  return port?.groups && port.groups.port !== '22' ? `[${port.groups.name}]:${port.groups.port}` : place;
}

/** The command that removes the old key: ssh's own where its hint has it, otherwise one made of the host's name. */
export function removeKeyCommand(hostId: HostId, change: KeyChange, hint: string | null): string {
  const told = /`(ssh-keygen [^`<>]+)`/.exec(hint ?? '')?.[1];
  if (told) return told;
  const file = change.records[0]?.file;
  return ['ssh-keygen', ...(file ? ['-f', quoted(file)] : []), '-R', quoted(recordName(hostId))].join(' ');
}
