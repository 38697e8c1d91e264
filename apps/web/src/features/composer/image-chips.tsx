import { X } from 'lucide-react';
import { safeImage } from '../transcript/safe-url.ts';
import type { DraftImage } from './draft-images.ts';

/** The pictures that go with the message, each with a button that takes it out again. */
export function ImageChips({
  images,
  onRemove,
}: {
  readonly images: readonly DraftImage[];
  onRemove(id: string): void;
}) {
  if (images.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-2 px-3 pt-2.5" aria-label="Pictures of this message">
      {images.map((image) => (
        <li key={image.id} className="relative">
          <img
            src={safeImage(image.url) ?? ''}
            alt={image.name}
            title={image.name}
            className="size-14 rounded-ui border border-hairline-strong object-cover"
          />
          <button
            type="button"
            aria-label={`Remove ${image.name}`}
            className="image-remove"
            onClick={() => onRemove(image.id)}
          >
            <span>
              <X className="size-3" aria-hidden />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
