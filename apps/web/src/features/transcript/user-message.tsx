import type { Attachment } from '@farhand/shared/model/agents';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { FileText, ImageOff } from 'lucide-react';
import { use } from 'react';
import { RewindMenu } from '../checkpoints/rewind-menu.tsx';
import { openPane } from '../panes/pane-host.ts';
import { safeImage } from './safe-url.ts';
import { pathIn, SessionPlaceContext } from './session-place.ts';

/** What a person asked, with the pictures and files that went with it. */
export function UserMessage({ item }: { readonly item: Extract<TranscriptItem, { kind: 'user_message' }> }) {
  return (
    <div className="user-message-row">
      <div className="user-message">
        {item.text}
        {item.attachments && item.attachments.length > 0 && <Attachments attachments={item.attachments} />}
      </div>
      <RewindMenu turnId={item.turnId} />
    </div>
  );
}

function Attachments({ attachments }: { readonly attachments: readonly Attachment[] }) {
  return (
    <ul className="mt-2 flex flex-wrap gap-2" aria-label="Attachments">
      {attachments.map((attachment, index) => (
        // What was sent does not change its order.
        <li key={index} className="min-w-0">
          {attachment.kind === 'image' ? <Thumbnail image={attachment} /> : <File path={attachment.path} />}
        </li>
      ))}
    </ul>
  );
}

function Thumbnail({ image }: { readonly image: Extract<Attachment, { kind: 'image' }> }) {
  const source = safeImage(image.url);
  const name = image.name ?? 'Picture';
  if (!source)
    return (
      <span className="flex h-16 items-center gap-1.5 rounded-ui border border-hairline px-3 text-small text-text-3">
        <ImageOff className="size-3.5" aria-hidden />
        {name} is not shown
      </span>
    );
  return (
    <a href={source} download={name} title={`${name}: save`} className="block">
      <img
        src={source}
        alt={name}
        className="h-24 max-w-60 rounded-ui border border-hairline object-contain"
      />
    </a>
  );
}

function File({ path }: { readonly path: string }) {
  const place = use(SessionPlaceContext);
  const name = pathIn(place?.directory ?? null, path);
  return (
    <button
      type="button"
      className="flex h-6 max-w-full items-center gap-1.5 rounded-ui border border-hairline px-2 text-small text-text-2 hover:bg-hover phone:h-11"
      disabled={!place}
      onClick={() => place && openPane({ kind: 'file', workspaceId: place.workspaceId, path: name })}
    >
      <FileText className="size-3.5 shrink-0 text-text-3" aria-hidden />
      <span className="min-w-0 truncate font-mono">{name}</span>
    </button>
  );
}
