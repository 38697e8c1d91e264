import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import { use } from 'react';
import { openPane } from '../panes/pane-host.ts';
import { pathIn, SessionPlaceContext } from './session-place.ts';

// A search that names hundreds of files shows its hits; here a few are enough.
const MOST_SHOWN = 12;

/** The files that a tool call is about; each opens in a pane. */
export function Locations({ locations }: { readonly locations: NonNullable<ToolCallItem['locations']> }) {
  const place = use(SessionPlaceContext);
  if (locations.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-1" aria-label="Files">
      {locations.slice(0, MOST_SHOWN).map(({ path, line }, index) => {
        const name = pathIn(place?.directory ?? null, path);
        const text = line === null ? name : `${name}:${line}`;
        return (
          <li key={index} className="min-w-0">
            {place ? (
              <button
                type="button"
                className="tool-location"
                onClick={() => openPane({ kind: 'file', workspaceId: place.workspaceId, path: name })}
              >
                {text}
              </button>
            ) : (
              <span className="tool-location">{text}</span>
            )}
          </li>
        );
      })}
      {locations.length > MOST_SHOWN && (
        <li className="text-small text-text-3">{locations.length - MOST_SHOWN} more</li>
      )}
    </ul>
  );
}
