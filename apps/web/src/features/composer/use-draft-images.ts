import type { SessionId } from '@farhand/shared/model/ids';
import { useEffect, useRef, useState } from 'react';
import { type DraftImage, readDraftImages, writeDraftImages } from './draft-images.ts';
import { MOST_IMAGES } from './image-limits.ts';
import { shrinkImage } from './shrink-image.ts';

export interface DraftImages {
  readonly images: readonly DraftImage[];
  /** What was not taken, and why. */
  readonly problem: string | null;
  add(files: readonly File[]): void;
  remove(id: string): void;
  clear(): void;
  clearProblem(): void;
}

/** The pictures of a session's composer; they survive a reload with the draft. */
export function useDraftImages(sessionId: SessionId): DraftImages {
  const [images, setImages] = useState<readonly DraftImage[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const isRead = useRef(false);
  useEffect(() => {
    let isGone = false;
    void readDraftImages(sessionId).then((kept) => {
      if (isGone) return;
      isRead.current = true;
      if (kept.length > 0) setImages((added) => [...kept, ...added].slice(0, MOST_IMAGES));
    });
    return () => {
      isGone = true;
    };
  }, [sessionId]);
  useEffect(() => {
    // What is kept must not be overwritten by the nothing that a page begins with.
    if (isRead.current) void writeDraftImages(sessionId, images);
  }, [sessionId, images]);

  const take = async (files: readonly File[]) => {
    const room = MOST_IMAGES - images.length;
    setProblem(files.length > room ? `A message holds at most ${MOST_IMAGES} pictures.` : null);
    for (const file of files.slice(0, room)) {
      const shrunk = await shrinkImage(file);
      if ('problem' in shrunk) setProblem(shrunk.problem);
      else {
        const image = { id: crypto.randomUUID(), name: file.name || 'Picture', url: shrunk.url };
        isRead.current = true;
        setImages((known) => [...known, image].slice(0, MOST_IMAGES));
      }
    }
  };
  return {
    images,
    problem,
    add: (files) => void take(files),
    remove: (id) => setImages((known) => known.filter((image) => image.id !== id)),
    clear: () => setImages([]),
    clearProblem: () => setProblem(null),
  };
}
