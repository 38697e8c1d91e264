import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

// Enough for some days of ordinary running; with the older one, twice this on the disk.
const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;

/**
 * A file that lines are added to (mode 0600). When it is full it becomes `<file>.old` and a new one begins. Never throws:
 * a line that finds no room is lost, and the next one that does says how many were.
 */
export interface BoundedFile {
  write(line: string): void;
}

export function openBoundedFile(file: string, maxBytes = DEFAULT_MAX_BYTES): BoundedFile {
  const open = () => openSync(file, 'a', 0o600);
  let descriptor = open();
  let sizeBytes = fstatSync(descriptor).size;
  let lost = 0;
  const add = (bytes: Uint8Array) => {
    if (sizeBytes > 0 && sizeBytes + bytes.length > maxBytes) {
      renameSync(file, `${file}.old`);
      const full = descriptor;
      descriptor = open();
      closeSync(full);
      sizeBytes = 0;
    }
    const written = writeSync(descriptor, bytes);
    sizeBytes += written;
    if (written < bytes.length) throw new Error('written in part');
  };
  return {
    write(line) {
      // After a line that broke off, too: this one begins anew.
      const gap = lost === 0 ? '' : `\n${JSON.stringify({ event: 'log.lines_lost', lines: lost })}\n`;
      try {
        add(Buffer.from(gap + line));
        lost = 0;
      } catch {
        // On a full disk there is nowhere to say it, and what is logged goes on.
        lost += 1;
      }
    },
  };
}
