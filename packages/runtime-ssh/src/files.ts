/** The port's files: over sftp where the host has it, otherwise by its shell alone. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostFiles, HostShell } from '@farhand/shared/runtime/shell';
import type { SftpSession } from './files/sftp.ts';
import { sftpFiles } from './files/sftp-files.ts';
import { shellFiles } from './files/shell-files.ts';

export interface FilesDeps {
  readonly session: SftpSession;
  readonly shell: HostShell;
}

/** Files on the host. */
export function createFiles({ session, shell }: FilesDeps): HostFiles {
  const at = async (path: string): Promise<HostFiles> => {
    checkPath(path);
    const sftp = await session.get();
    return sftp === null ? shellFiles(shell) : sftpFiles(sftp, shell);
  };
  return {
    read: async (path, options) => (await at(path)).read(path, options),
    write: async (path, bytes, options) => (await at(path)).write(path, bytes, options),
    writeAt: async (path, offset, bytes) => (await at(path)).writeAt(path, offset, bytes),
    list: async (path, options) => (await at(path)).list(path, options),
    stat: async (path) => (await at(path)).stat(path),
    realpath: async (path) => (await at(path)).realpath(path),
    remove: async (path, options) => (await at(path)).remove(path, options),
  };
}

function checkPath(path: string): void {
  if (path.startsWith('/') && !path.includes('\0')) return;
  throw new FarhandError('request.invalid', {
    message: 'A path on a host is absolute and holds no NUL character.',
  });
}
