import { memo, useEffect, useMemo, useRef } from 'react';
import { VList, type VListHandle } from 'virtua';
import { cx } from '@/ui/cx.ts';
import { type AnsiLine, ansiLines, plainText } from './ansi.ts';
import { CopyButton } from './copy-button.tsx';

// Up to here all lines are in the page, so that they can be found and copied by the browser's own means.
const PLAIN_LINES = 300;
const LINE_PX = 18;
const BOX_PX = 380;

// npm and others begin with empty lines, which only take room here.
const withoutLeadingBlanks = (text: string): string => text.replace(/^(?:[ \t]*\r?\n)+/, '');

/** A command's output with its colours; long output is drawn where it is looked at only. */
export const Output = memo(function Output({
  text,
  isLive,
  label,
}: {
  readonly text: string;
  readonly isLive: boolean;
  readonly label: string;
}) {
  const lines = useMemo(() => ansiLines(withoutLeadingBlanks(text)), [text]);
  return (
    <div className="group/output relative">
      {lines.length > PLAIN_LINES ? (
        <LongOutput lines={lines} isLive={isLive} label={label} />
      ) : (
        <ShortOutput lines={lines} isLive={isLive} label={label} />
      )}
      <CopyButton
        text={() => plainText(text)}
        label="Copy output"
        className="absolute top-1 right-2 opacity-0 group-hover/output:opacity-100 focus-visible:opacity-100"
      />
    </div>
  );
});

interface LinesProps {
  readonly lines: readonly AnsiLine[];
  readonly isLive: boolean;
  readonly label: string;
}

function ShortOutput({ lines, isLive, label }: LinesProps) {
  const box = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    if (lines.length > 0 && isLive && isAtEnd.current && box.current)
      box.current.scrollTop = box.current.scrollHeight;
  }, [isLive, lines]);
  return (
    <pre
      ref={box}
      tabIndex={0}
      aria-label={label}
      className="output max-h-95"
      onScroll={({ currentTarget: at }) => {
        isAtEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < LINE_PX;
      }}
    >
      {lines.map((line, index) => (
        // Lines are only ever added at the end.
        <OutputLine key={index} line={line} />
      ))}
    </pre>
  );
}

function LongOutput({ lines, isLive, label }: LinesProps) {
  const list = useRef<VListHandle>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    if (isLive && isAtEnd.current) list.current?.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [isLive, lines]);
  return (
    <VList
      ref={list}
      tabIndex={0}
      role="log"
      aria-live="off"
      aria-label={label}
      className="output"
      style={{ height: BOX_PX }}
      itemSize={LINE_PX}
      data={lines}
      onScroll={(offset) => {
        const at = list.current;
        if (at) isAtEnd.current = at.scrollSize - offset - at.viewportSize < LINE_PX;
      }}
    >
      {(line, index) => <OutputLine key={index} line={line} />}
    </VList>
  );
}

const OutputLine = memo(function OutputLine({ line }: { readonly line: AnsiLine }) {
  return (
    <div className="output-line">
      {line.length === 0 && '\n'}
      {line.map((segment, index) => (
        <span key={index} className={cx(segment.classes) || undefined}>
          {segment.text}
        </span>
      ))}
    </div>
  );
}, sameLine);

// Output is split anew whenever it grows; most of its lines are as they were.
function sameLine({ line: a }: { line: AnsiLine }, { line: b }: { line: AnsiLine }): boolean {
  return (
    a.length === b.length &&
    a.every((segment, index) => segment.text === b[index]?.text && segment.classes === b[index]?.classes)
  );
}

const TAIL_LINES = 5;
// More than five lines of any width that is read.
const TAIL_CHARACTERS = 4000;

/** The last lines of what a running command prints. */
export function OutputTail({ text }: { readonly text: string }) {
  const lines = useMemo(() => ansiLines(text.slice(-TAIL_CHARACTERS)).slice(-TAIL_LINES), [text]);
  if (lines.length === 0) return null;
  return (
    <div className="output-tail" aria-hidden="true">
      {lines.map((line, index) => (
        <OutputLine key={index} line={line} />
      ))}
    </div>
  );
}
