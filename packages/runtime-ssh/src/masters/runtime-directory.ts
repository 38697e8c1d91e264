/** The private folder of control sockets: whoever can write there could be our ssh, so it is checked each time. */
import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';

/** Room in a socket's path (108 bytes, 104 on macOS) less the 17 that ssh adds before it renames the socket. */
export const MAX_SOCKET_PATH_BYTES = 85;

/** A letter, our pid, and a number: `s12345-678`. */
const LONGEST_NAME = 's4194304-99999'.length;

let nextNumber = 0;

/**
 * A fresh path for a control socket (`s`), for the socket of ssh's helper (`q`) or for that program (`p`), in `wanted` or else in the system's folder for such things. Throws
 * `host.ssh_failed` where the folder belongs to somebody else, is open to others, or is a symlink.
 */
export function newSocketPath(wanted?: string, letter: 's' | 'q' | 'p' = 's'): string {
  const directory = chooseDirectory(wanted);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const stat = lstatSync(directory);
  const isOurs = stat.isDirectory() && stat.uid === userInfo().uid && (stat.mode & 0o077) === 0;
  if (!isOurs) {
    throw new FarhandError('host.ssh_failed', {
      message: `The folder ${directory} is not private to this user.`,
      hint: 'Remove it, or set its owner and mode 0700.',
    });
  }
  sweep(directory);
  return join(directory, `${letter}${process.pid}-${nextNumber++}`);
}

function chooseDirectory(wanted: string | undefined): string {
  const uid = userInfo().uid;
  const candidates = [
    ...(wanted === undefined ? [] : [wanted]),
    join(tmpdir(), `farhand-${uid}`),
    `/tmp/farhand-${uid}`,
  ];
  const fitting = candidates.find(
    (path) => Buffer.byteLength(path) + 1 + LONGEST_NAME <= MAX_SOCKET_PATH_BYTES,
  );
  return fitting as string;
}

// A server that was killed leaves its sockets; their names tell whose they were.
function sweep(directory: string): void {
  for (const name of readdirSync(directory)) {
    const pid = Number(/^[sqp](\d+)-\d+$/.exec(name)?.[1]);
    if (Number.isInteger(pid) && !isAlive(pid)) rmSync(join(directory, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
