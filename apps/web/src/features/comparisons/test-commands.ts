import type { ProjectId } from '@farhand/shared/model/ids';
import { createStoredStore, storedObject } from '../../client/stored.ts';

const LONGEST = 4096;

/** The command that says whether a variant is good, by project; kept in this browser. */
const testCommands = createStoredStore<Readonly<Record<string, string>>>('test-commands', (stored) =>
  Object.fromEntries(
    Object.entries(storedObject(stored)).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length <= LONGEST,
    ),
  ),
);

/** The command that a project's comparisons were tested with last; empty where none was. */
export const lastTestCommand = (id: ProjectId): string => testCommands.getState()[id] ?? '';

/** Remembers it for the next comparison of the project; an empty one forgets. */
export function rememberTestCommand(id: ProjectId, command: string): void {
  const { [id]: _before, ...others } = testCommands.getState();
  testCommands.setState(command === '' ? others : { ...others, [id]: command }, true);
}
