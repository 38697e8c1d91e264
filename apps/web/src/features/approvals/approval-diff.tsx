import { useMemo } from 'react';
import { DiffView } from '../changes/diff-view.tsx';
import { readPatch } from '../changes/patch.ts';
import { sizeText, visibleText } from './visible-text.ts';

// The diff view cuts lines that are longer: fine for reading, not for saying yes.
const LONGEST_LINE = 2000;

/** The change of one file as it would be made, with nothing left out: what the diff view cannot draw is shown as text. */
export default function ApprovalDiff({ path, patch }: { readonly path: string; readonly patch: string }) {
  const text = useMemo(() => visibleText(patch), [patch]);
  const canDraw = useMemo(
    () => !hasLongLine(text) && (readPatch(text, Number.POSITIVE_INFINITY)?.files.length ?? 0) > 0,
    [text],
  );
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-baseline gap-2">
        <span className="min-w-0 font-mono text-small break-all text-text">{visibleText(path)}</span>
        <span className="ml-auto shrink-0 text-micro text-text-3 tabular-nums">{sizeText(patch)}</span>
      </div>
      {canDraw ? (
        <DiffView patch={text} label={path} view="unified" className="approval-box overflow-auto" />
      ) : (
        <pre className="approval-box approval-code" tabIndex={0} aria-label={`Changes of ${path}`}>
          {text}
        </pre>
      )}
    </div>
  );
}

const hasLongLine = (text: string) =>
  text.length > LONGEST_LINE && text.split('\n').some((line) => line.length > LONGEST_LINE);
