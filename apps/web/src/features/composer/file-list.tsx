import { splitPath } from '../changes/change-row.ts';
import { OfferList } from './offer-list.tsx';
import type { FileOffer } from './use-file-mention.ts';

interface FileListProps {
  readonly id: string;
  readonly offer: FileOffer;
  onChoose(path: string): void;
}

/** The files that fit an `@` word. */
export function FileList({ id, offer, onChoose }: FileListProps) {
  return (
    <OfferList
      id={id}
      label="Files"
      active={offer.active}
      rows={offer.paths.map((path) => ({ key: path, content: <FileRow path={path} /> }))}
      onChoose={(index) => onChoose(offer.paths[index] ?? '')}
    />
  );
}

function FileRow({ path }: { readonly path: string }) {
  const { name, folder } = splitPath(path);
  return (
    <>
      <span className="shrink-0 text-text">{name}</span>
      <span className="min-w-0 truncate text-small text-text-3">{folder}</span>
    </>
  );
}
