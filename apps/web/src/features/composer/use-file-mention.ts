import type { WorkspaceId } from '@farhand/shared/model/ids';
import { useEffect, useState } from 'react';
import { call } from '@/client/call.ts';
import { type FileMention, mentionAt } from './completion.ts';

/** What is offered for the `@` word at the caret. */
export interface FileOffer {
  readonly mention: FileMention;
  readonly paths: readonly string[];
  readonly active: number;
}

// One look at the host per pause of the hand.
const ASK_AFTER_MS = 80;

interface FileMentions {
  readonly offer: FileOffer | null;
  /** Looks at the text anew after a change or a move of the caret. */
  look(text: string, caret: number): void;
  move(step: 1 | -1): void;
  close(): void;
}

/** Files of the workspace for the `@` word that is being typed. */
export function useFileMention(workspaceId: WorkspaceId): FileMentions {
  const [mention, setMention] = useState<FileMention | null>(null);
  const [found, setFound] = useState<{ query: string; paths: readonly string[] } | null>(null);
  const [active, setActive] = useState(0);
  const query = mention?.query ?? null;
  useEffect(() => {
    if (query === null) return;
    const asking = new AbortController();
    const timer = setTimeout(() => {
      call('workspace.files', { workspaceId, query }, { signal: asking.signal }).then(
        ({ paths }) => {
          setFound({ query, paths });
          setActive(0);
        },
        () => undefined,
      );
    }, ASK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [workspaceId, query]);

  const paths = found?.paths ?? [];
  return {
    offer:
      mention && paths.length > 0 ? { mention, paths, active: Math.min(active, paths.length - 1) } : null,
    look(text, caret) {
      const next = mentionAt(text, caret);
      setMention((known) => (known?.start === next?.start && known?.query === next?.query ? known : next));
    },
    move: (step) => setActive((place) => (place + step + paths.length) % paths.length),
    close() {
      setMention(null);
      setFound(null);
    },
  };
}
