import { dirname, join } from 'node:path';

/** Where one log is. */
export interface AuditPaths {
  readonly file: string;
  readonly outputsDirectory: string;
  readonly witnessFile: string;
}

/** The log of a data folder; its witness stands beside the master key, in another folder than the log. */
export function auditPaths({
  dataDirectory,
  keyFile,
}: {
  dataDirectory: string;
  keyFile: string;
}): AuditPaths {
  return {
    file: join(dataDirectory, 'audit', 'audit.db'),
    outputsDirectory: join(dataDirectory, 'audit', 'outputs'),
    witnessFile: join(dirname(keyFile), 'audit.head'),
  };
}
