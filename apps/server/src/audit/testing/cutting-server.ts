/** A program that cuts the log of the folder given, and prints the number of the first event that is left as it changes. */
import { writeSync } from 'node:fs';
import { openAuditReader } from '../store/audit-database.ts';
import { openTestAudit } from './open-audit.ts';

const { audit, paths } = openTestAudit(undefined, process.argv[2]);
audit.setSettings({ retentionDays: 1 }, { kind: 'cli', name: null });
const reader = openAuditReader(paths.file);
let told = 0;
const tell = () => {
  const [first] = reader.prepare('SELECT min(seq) FROM events').raw().get() as [number];
  if (first !== told) writeSync(1, `${first}\n`);
  told = first;
  setImmediate(tell);
};
tell();
