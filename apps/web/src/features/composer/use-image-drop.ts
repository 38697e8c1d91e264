import type { Session } from '@farhand/shared/model/sessions';
import { type ClipboardEvent, type DragEvent, useState } from 'react';
import { agentName } from '../sessions/agent-name.ts';
import { type DraftImages, useDraftImages } from './use-draft-images.ts';

interface ImageDrop extends DraftImages {
  readonly canAttach: boolean;
  /** What makes an element take dropped files. */
  readonly target: {
    readonly onDragOver: (event: DragEvent) => void;
    readonly onDrop: (event: DragEvent) => void;
  };
  onPaste(event: ClipboardEvent): void;
}

/** The pictures of a session's composer, with pasting and dropping; `canAttach` is what its agent says of pictures. */
export function useImageDrop(session: Session, canAttach: boolean): ImageDrop {
  const images = useDraftImages(session.id);
  const [isRefused, setIsRefused] = useState(false);
  const take = (files: FileList) => {
    setIsRefused(!canAttach);
    if (canAttach) images.add([...files]);
  };
  return {
    ...images,
    canAttach,
    problem: isRefused ? `${agentName(session.agent)} takes no pictures.` : images.problem,
    clearProblem() {
      setIsRefused(false);
      images.clearProblem();
    },
    target: {
      onDragOver(event) {
        if (event.dataTransfer.types.includes('Files')) event.preventDefault();
      },
      onDrop(event) {
        if (event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        take(event.dataTransfer.files);
      },
    },
    onPaste(event) {
      const { files } = event.clipboardData;
      // A table copied from a sheet comes as text and as a picture: the text is meant.
      if (files.length === 0 || event.clipboardData.getData('text/plain') !== '') return;
      event.preventDefault();
      take(files);
    },
  };
}
