import type { Domains } from '../domains.ts';
import { actorOf, type CallsOf } from './table.ts';

/** Calls about files in workspaces. */
export function fileCalls({ workspaceFiles }: Domains): CallsOf<'file'> {
  return {
    'file.list': (input, caller) => workspaceFiles.list(input, actorOf(caller)),
    'file.read': (input, caller) => workspaceFiles.read(input, actorOf(caller)),
    'file.write': (input, caller) => workspaceFiles.write(input, actorOf(caller)),
    'file.write_result': (input, { signal }) => workspaceFiles.writeResult(input, signal),
  };
}
