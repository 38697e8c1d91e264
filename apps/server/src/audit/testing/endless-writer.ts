/** A program that writes to the log of the folder given until it is killed, and prints each number once it is told it. */
import { writeSync } from 'node:fs';
import { entry, openTestAudit } from './open-audit.ts';

const { audit } = openTestAudit(undefined, process.argv[2]);
for (;;) {
  const output = audit.keepOutput(Buffer.from(`said ${Math.random()}`));
  const seq = audit.record(entry({ output, facts: { argv: ['x'.repeat(300)] } }));
  writeSync(1, `${seq}\n`);
}
