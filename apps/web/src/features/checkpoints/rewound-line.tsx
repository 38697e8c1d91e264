import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { History } from 'lucide-react';
import { use } from 'react';
import { Button } from '@/ui/button.tsx';
import { SessionPlaceContext } from '../transcript/session-place.ts';
import { askRewind } from './rewind-store.ts';

type Rewound = Extract<TranscriptItem, { kind: 'rewound' }>;

function words({ what, files, undoes }: Rewound): string {
  const count = files === 1 ? '1 file' : `${files} files`;
  if (undoes !== null || what === 'files')
    return `${undoes === null ? 'Rewound' : 'Rewind undone'}: ${count} put back`;
  return what === 'conversation' ? 'Rewound the conversation' : `Rewound the conversation and ${count}`;
}

/** Says where a person went back, with the way to take that back. */
export function RewoundLine({ item }: { readonly item: Rewound }) {
  const place = use(SessionPlaceContext);
  return (
    <div className="flex min-h-7 items-center gap-2 pb-2 text-small text-text-2" data-rewound>
      <History className="size-3.5 shrink-0 text-text-3" aria-hidden />
      <span className="min-w-0 truncate">{words(item)}</span>
      <span className="h-px min-w-4 flex-1 bg-hairline" aria-hidden />
      {place && (
        <Button
          size="small"
          variant="ghost"
          className="phone:h-11"
          data-rewind={item.undo}
          onClick={() => askRewind({ sessionId: place.sessionId, to: item.undo, what: item.what })}
        >
          Undo
        </Button>
      )}
    </div>
  );
}
