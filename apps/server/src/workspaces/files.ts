import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Place } from './changes.ts';
import { hostFailure } from './errors.ts';
import { rankPaths } from './fuzzy.ts';
import { fieldsOf } from './git-output.ts';
import { ENTER_WORKSPACE, runScript, SAFE_GIT } from './host-script.ts';

/** Long enough for the letters of one query, short enough for a file that was just made. */
const FRESH_MS = 4000;
const MAX_LIST_BYTES = 8 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

const SCRIPT = `${SAFE_GIT}${ENTER_WORKSPACE}
w ls-files -co --exclude-standard -z | head -c "$2"
`;

/** Finds files by a few letters of their path; the list of a workspace is kept for a few seconds. */
export interface FileFinder {
  /** At most 50, best first. Throws `workspace.missing`. */
  find(id: WorkspaceId, place: Place, query: string): Promise<string[]>;
  forget(id: WorkspaceId): void;
}

export function createFileFinder(): FileFinder {
  const lists = new Map<WorkspaceId, { readAt: number; paths: Promise<string[]> }>();
  const listOf = (id: WorkspaceId, place: Place): Promise<string[]> => {
    const known = lists.get(id);
    if (known && performance.now() - known.readAt < FRESH_MS) return known.paths;
    const paths = listFiles(place);
    lists.set(id, { readAt: performance.now(), paths });
    paths.catch(() => lists.delete(id));
    return paths;
  };
  return {
    find: async (id, place, query) => rankPaths(await listOf(id, place), query),
    forget: (id) => void lists.delete(id),
  };
}

async function listFiles({ runtime, directory, lane }: Place): Promise<string[]> {
  const script = { text: SCRIPT, args: [directory, String(MAX_LIST_BYTES)] };
  const { code, stdout, stderr } = await runScript(runtime, script, { timeoutMs: TIMEOUT_MS, lane });
  if (code !== 0) throw hostFailure(stderr, 'command.failed', 'The files could not be listed');
  const bytes = Buffer.from(stdout.buffer, stdout.byteOffset, stdout.byteLength);
  return [...new Set(fieldsOf({ bytes, isCut: bytes.byteLength >= MAX_LIST_BYTES }))];
}
