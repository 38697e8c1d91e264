import type { Approval } from '@farhand/shared/model/approvals';
import { lazy, Suspense } from 'react';
import { load } from '@/client/load.ts';
import { Markdown } from '../transcript/markdown.tsx';
import { ShownText } from './shown-text.tsx';
import { sizeText, visibleText } from './visible-text.ts';

const ApprovalDiff = lazy(() => load(() => import('./approval-diff.tsx')));

interface SubjectProps {
  readonly subject: Approval['subject'];
  /** The folder in which it would happen; null where it is not shown, or not known. */
  readonly cwd: string | null;
}

/** What is asked about, exactly and wholly: it scrolls inside the card, and its size is said. */
export function ApprovalSubject({ subject, cwd }: SubjectProps) {
  switch (subject.kind) {
    case 'command':
      return <Code text={subject.command} label="Command" note={cwd && `in ${visibleText(cwd)}`} />;
    case 'edit':
      return (
        <div className="flex flex-col gap-2">
          {subject.files.map((file) => (
            <Suspense
              key={file.path}
              fallback={<div className="approval-box h-24" aria-busy="true" aria-label={file.path} />}
            >
              <ApprovalDiff path={file.path} patch={file.patch} />
            </Suspense>
          ))}
        </div>
      );
    case 'read':
      return <Code text={subject.path} label="File to read" note="reads this file" />;
    case 'fetch':
      return <Code text={subject.url} label="Address" note="asks this address" />;
    case 'tool':
      return (
        <Code text={subject.input} label={`Input of ${subject.tool}`} note={visibleText(subject.tool)} />
      );
    case 'plan':
      return (
        <section className="approval-box p-3" aria-label="Plan" tabIndex={0}>
          <Markdown text={subject.text} isStreaming={false} />
        </section>
      );
    case 'form':
      return <p className="text-read break-words whitespace-pre-wrap text-text">{subject.message}</p>;
    case 'budget':
      return (
        <dl className="grid w-fit grid-cols-[auto_auto] gap-x-4 gap-y-0.5 tabular-nums">
          <dt className="text-text-3">Limit</dt>
          <dd className="text-text">{subject.limit}</dd>
          <dt className="text-text-3">Spent</dt>
          <dd className="text-text">{subject.spent}</dd>
        </dl>
      );
  }
}

interface CodeProps {
  readonly text: string;
  readonly label: string;
  readonly note: string | null;
}

// What is seen whole at a glance needs no count.
const LONG_TEXT = 200;

function Code({ text, label, note }: CodeProps) {
  const isLong = text.length > LONG_TEXT || text.includes('\n');
  return (
    <div className="flex flex-col gap-1">
      <pre className="approval-box approval-code" aria-label={label} tabIndex={0}>
        <ShownText text={text} />
      </pre>
      <p className="flex gap-3 text-micro text-text-3">
        {note && <span className="min-w-0 font-mono break-all">{note}</span>}
        {isLong && <span className="ml-auto shrink-0 tabular-nums">{sizeText(text)}</span>}
      </p>
    </div>
  );
}
