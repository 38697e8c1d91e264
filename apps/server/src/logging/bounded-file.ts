import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

// Enough for some days of ordinary running; with the older one, twice this on the disk.
const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;

/** A file that lines are added to (mode 0600). When it is full it becomes `<file>.old` and a new one begins. */
export interface BoundedFile {
  write(line: string): void;
}

export function openBoundedFile(file: string, maxBytes = DEFAULT_MAX_BYTES): BoundedFile {
  const open = () => openSync(file, 'a', 0o600);
  let descriptor = open();
  let sizeBytes = fstatSync(descriptor).size;
  return {
    write(line) {
      const bytes = Buffer.from(line);
      if (sizeBytes > 0 && sizeBytes + bytes.length > maxBytes) {
        closeSync(descriptor);
        renameSync(file, `${file}.old`);
        descriptor = open();
        sizeBytes = 0;
      }
      writeSync(descriptor, bytes);
      sizeBytes += bytes.length;
    },
  };
}
