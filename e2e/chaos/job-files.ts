import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the host holds of one stream of a job, or null where it was removed. Small enough never to be cut. */
export function jobStream(home: string, jobId: string, stream: 'out' | 'in'): Buffer | null {
  const folder = join(home, '.farhand/jobs', jobId);
  try {
    if (stream === 'in') return readFileSync(join(folder, 'in'));
    const offsets = readdirSync(folder)
      .map((name) => /^out\.(\d+)$/.exec(name)?.[1])
      .filter((offset) => offset !== undefined)
      .map(Number)
      .toSorted((a, b) => a - b);
    return Buffer.concat(offsets.map((offset) => readFileSync(join(folder, `out.${offset}`))));
  } catch {
    return null;
  }
}

/** Folders of jobs that are left on the host. */
export function jobFolders(home: string): string[] {
  try {
    return readdirSync(join(home, '.farhand/jobs'));
  } catch {
    return [];
  }
}

/** What is in a job's folder: the names with their sizes, and the beginning of what is small. */
export function describeJob(home: string, jobId: string): string {
  const folder = join(home, '.farhand/jobs', jobId);
  try {
    const files = readdirSync(folder).map((name) => {
      const bytes = statSync(join(folder, name)).isFile()
        ? readFileSync(join(folder, name))
        : Buffer.alloc(0);
      return `${name} (${bytes.byteLength}) ${JSON.stringify(bytes.subarray(0, 120).toString())}`;
    });
    return [jobId, ...files].join(' ');
  } catch (error) {
    return `${jobId} ${String(error)}`;
  }
}
