import type { SearchHit } from '@farhand/shared/model/search';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { MessageSquareText, SquareTerminal } from 'lucide-react';
import { useDeferredValue } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { agoText } from '@/client/duration.ts';
import { limitMarks } from '@/client/marks.ts';
import { useServerState } from '@/client/state-store.ts';
import { useNow } from '@/client/use-now.ts';
import { closeDialog } from '@/client/view-store.ts';
import { showInWorkspace } from '../panes/pane-host.ts';
import { askForItem } from '../transcript/asked-item.ts';
import { PaletteItem, PaletteNote } from './palette-parts.tsx';
import { snippetParts } from './snippet.ts';

const SHORTEST = 2;
/** The longest text that `search.query` takes. */
const LONGEST = 256;

/** Where the words stand in transcripts and terminals of all hosts, best first. */
export function SearchResults({ text }: { readonly text: string }) {
  const sought = useDeferredValue(text.slice(0, LONGEST));
  const isLong = sought.length >= SHORTEST;
  const { data, error, isPending } = useQuery({
    queryKey: ['search', sought],
    queryFn: ({ signal }) => call('search.query', { text: sought }, { signal }),
    enabled: isLong,
    placeholderData: keepPreviousData,
  });
  if (!isLong) return <PaletteNote>Type what was said, run or printed.</PaletteNote>;
  if (error) return <PaletteNote>{ApiError.from(error).message}</PaletteNote>;
  if (isPending) return <PaletteNote>Searching</PaletteNote>;
  if (data.hits.length === 0) return <PaletteNote>Nothing was found.</PaletteNote>;
  return data.hits.map((hit) => <Hit key={keyOf(hit)} hit={hit} />);
}

const keyOf = (hit: SearchHit) => (hit.kind === 'transcript' ? hit.itemId : `${hit.terminalId} ${hit.at}`);

function Hit({ hit }: { readonly hit: SearchHit }) {
  const workspace = useServerState((state) => state.workspaces[hit.workspaceId]?.name);
  const title = useServerState((state) =>
    hit.kind === 'transcript'
      ? state.sessions[hit.sessionId]?.title || 'New session'
      : (state.terminals[hit.terminalId]?.title ?? 'Terminal'),
  );
  const now = useNow(60_000);
  const Icon = hit.kind === 'transcript' ? MessageSquareText : SquareTerminal;
  return (
    <PaletteItem value={keyOf(hit)} isTall onSelect={() => open(hit)}>
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="flex items-center gap-2 text-small text-text-3">
          <Icon className="size-3.5 shrink-0" aria-hidden />
          <span className="min-w-0 truncate text-text-2">{title}</span>
          <span className="min-w-0 flex-1 truncate">{workspace}</span>
          <time dateTime={hit.at} className="shrink-0 tabular-nums">
            {agoText(now - Date.parse(hit.at))}
          </time>
        </span>
        <span className="truncate">
          {snippetParts(limitMarks(hit.snippet)).map((part, at) =>
            part.isMatch ? (
              // The parts of one text keep their places.
              <mark key={at} className="rounded-small bg-accent-wash font-medium text-accent-text">
                {part.text}
              </mark>
            ) : (
              part.text
            ),
          )}
        </span>
      </span>
    </PaletteItem>
  );
}

function open(hit: SearchHit): void {
  const { workspaceId } = hit;
  closeDialog();
  if (hit.kind === 'transcript') askForItem(hit.sessionId, hit.itemId);
  // The palette gives the focus back as it goes; the pane that takes it must come after.
  setTimeout(() =>
    showInWorkspace(
      hit.kind === 'transcript'
        ? { kind: 'agent', workspaceId, sessionId: hit.sessionId }
        : { kind: 'terminal', workspaceId, terminalId: hit.terminalId },
    ),
  );
}
