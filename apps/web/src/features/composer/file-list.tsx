import { useEffect } from 'react';
import { cx } from '@/ui/cx.ts';
import { splitPath } from '../changes/change-row.ts';
import type { FileOffer } from './use-file-mention.ts';

interface FileListProps {
  readonly id: string;
  readonly offer: FileOffer;
  onChoose(path: string): void;
}

/** The files that fit an `@` word, above the composer. The focus stays in the text. */
export function FileList({ id, offer, onChoose }: FileListProps) {
  const activeId = `${id}-${offer.active}`;
  useEffect(() => {
    // Newer browsers return a promise, which is no way to end an effect.
    void document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Files"
      className="absolute inset-x-0 bottom-full z-20 mb-1 max-h-64 overflow-y-auto rounded-ui bg-raised p-1 shadow-float"
    >
      {offer.paths.map((path, index) => {
        const { name, folder } = splitPath(path);
        const isActive = index === offer.active;
        return (
          <div
            key={path}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={isActive}
            className={cx('flex h-7 items-center gap-2 rounded-small px-2', isActive && 'bg-selected')}
            onMouseDown={(event) => {
              event.preventDefault();
              onChoose(path);
            }}
          >
            <span className="shrink-0 text-text">{name}</span>
            <span className="min-w-0 truncate text-small text-text-3">{folder}</span>
          </div>
        );
      })}
    </div>
  );
}
