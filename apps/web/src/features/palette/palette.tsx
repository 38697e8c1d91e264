import { Command } from 'cmdk';
import { useState } from 'react';
import { closeDialog } from '@/client/view-store.ts';
import { Dialog } from '@/ui/dialog.tsx';
import { CommandResults } from './command-results.tsx';
import { FileResults } from './file-results.tsx';
import { readQuery } from './palette-mode.ts';
import { SearchResults } from './search-results.tsx';
import { WorkspaceResults } from './workspace-results.tsx';

const HINTS = [
  { sign: '', text: 'workspaces' },
  { sign: '>', text: 'commands' },
  { sign: '@', text: 'files' },
  { sign: '?', text: 'transcripts and terminals' },
] as const;

/** Goes to a workspace, runs a command (`>`), picks a file (`@`) or searches what was said (`?`), by typing. */
export default function Palette({ initialQuery }: { readonly initialQuery: string }) {
  const [typed, setTyped] = useState(initialQuery);
  const query = readQuery(typed);
  return (
    <Dialog title="Palette" isTitleHidden onClose={closeDialog}>
      {/* Each list filters itself: files are searched on the host. */}
      <Command label="Palette" shouldFilter={false} loop className="flex min-h-0 flex-col">
        <Command.Input
          data-autofocus
          value={typed}
          onValueChange={setTyped}
          placeholder="Go to a workspace; > commands, @ files, ? search"
          className="h-11 w-full shrink-0 border-b border-hairline bg-transparent px-4 text-read outline-none focus-visible:outline-none phone:text-title"
        />
        <Command.List className="max-h-[50dvh] min-h-0 overflow-y-auto p-1 phone:max-h-none phone:flex-1">
          {query.mode === 'workspaces' && (
            <WorkspaceResults text={query.text} onSearch={() => setTyped(`?${query.text}`)} />
          )}
          {query.mode === 'commands' && <CommandResults text={query.text} />}
          {query.mode === 'search' && <SearchResults text={query.text} />}
          {query.mode === 'files' && <FileResults text={query.text} />}
        </Command.List>
        <p className="flex h-8 shrink-0 items-center gap-4 border-t border-hairline px-4 text-small text-text-3 phone:hidden">
          {HINTS.map(({ sign, text }) => (
            <span key={text}>
              {sign && <kbd className="mr-1 text-text-2">{sign}</kbd>}
              {text}
            </span>
          ))}
        </p>
      </Command>
    </Dialog>
  );
}
