import type { SessionId } from '@farhand/shared/model/ids';
import { type SetStateAction, useEffect, useRef, useState } from 'react';
import { takeQueuedDraft, writeDraft } from './draft.ts';

// Storage is written when the hand rests, not with every key.
const WRITE_AFTER_MS = 250;

/** The text of a session's composer; survives a reload. */
export function useDraft(sessionId: SessionId): readonly [string, (text: SetStateAction<string>) => void] {
  const [text, setText] = useState(() => takeQueuedDraft(localStorage, sessionId));
  const latest = useRef(text);
  useEffect(() => {
    latest.current = text;
  }, [text]);
  useEffect(() => {
    const timer = setTimeout(() => writeDraft(localStorage, sessionId, text), WRITE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [sessionId, text]);
  useEffect(() => {
    const keep = () => writeDraft(localStorage, sessionId, latest.current);
    window.addEventListener('pagehide', keep);
    return () => {
      window.removeEventListener('pagehide', keep);
      keep();
    };
  }, [sessionId]);
  return [text, setText];
}
