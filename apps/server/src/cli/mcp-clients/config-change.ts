import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import type { ClientConfig } from './clients.ts';

/** A change of a client's settings that is not made yet. */
export interface ConfigChange {
  readonly file: string;
  readonly isNew: boolean;
  /** A unified diff; empty where nothing is to be changed. */
  readonly patch: string;
  /** Makes it, after a copy of what was there. The copy's path; null for a file that is new or not changed. */
  apply(): string | null;
}

/** Throws `config.unreadable`. */
export function planChange(config: ClientConfig, isInstalled: boolean): ConfigChange {
  // Settings are often links into a repository of dot files: the file behind is the one to write.
  const file = realPath(config.file);
  const before = textOf(file);
  const after = before === null && !isInstalled ? '' : config.edit(before ?? '', isInstalled);
  const isSame = (before ?? '') === after;
  const patch = isSame ? '' : createTwoFilesPatch(file, file, before ?? '', after, '', '', { context: 3 });
  return {
    file,
    isNew: before === null,
    patch,
    apply() {
      if (isSame) return null;
      const backup = before === null ? null : backupOf(file);
      mkdirSync(dirname(file), { recursive: true });
      const fresh = `${file}.farhand-${process.pid}`;
      // Such files may hold other programs' keys: nobody else may read the new one who could not read the old one.
      writeFileSync(fresh, after, { mode: before === null ? 0o600 : statSync(file).mode & 0o777 });
      renameSync(fresh, file);
      return backup;
    },
  };
}

function backupOf(file: string): string {
  const backup = `${file}.farhand-backup-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  copyFileSync(file, backup);
  return backup;
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw thrown;
  }
}
