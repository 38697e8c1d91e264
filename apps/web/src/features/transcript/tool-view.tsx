import type { ToolView as View } from '@farhand/shared/model/transcripts';
import { lazy, Suspense } from 'react';
import { load } from '@/client/load.ts';
import { Markdown } from './markdown.tsx';
import { PatchCounts } from './patch-counts.tsx';
import { safeImage } from './safe-url.ts';
import { TodoList } from './todo-list.tsx';

const DiffView = lazy(() =>
  load(() => import('../changes/diff-view.tsx').then((module) => ({ default: module.DiffView }))),
);

// A list longer than this is no longer read; the server cuts earlier as a rule.
const MOST_ROWS = 500;

/** What an opened tool call shows of its kind: a diff, a file, hits, a list, a picture, a plan, text, or several of them. */
export function ToolView({ view }: { readonly view: View }) {
  switch (view.kind) {
    case 'command':
      return <pre className="output tool-command">{view.command}</pre>;
    case 'diff':
      return (
        <Suspense fallback={<div className="tool-box h-24" aria-busy="true" />}>
          <DiffView
            patch={view.patch}
            label={view.path}
            view="unified"
            className="tool-box max-h-105 overflow-auto"
          />
        </Suspense>
      );
    case 'file':
      return <FileText text={view.text} firstLine={view.firstLine} label={view.path} />;
    case 'image':
      return <Picture url={view.url} path={view.path} />;
    case 'list':
      return <Lines rows={view.entries} label="Files" />;
    case 'hits':
      return <Hits hits={view.hits} />;
    case 'todo':
      return <TodoList todos={view.todos} />;
    case 'markdown':
      return (
        <section className="tool-box max-h-105 overflow-auto p-3" aria-label="Text" tabIndex={0}>
          <Markdown text={view.text} isStreaming={false} />
        </section>
      );
    case 'several':
      return view.views.map((one, index) => <OneOfSeveral key={index} view={one} />);
  }
}

// Beside others a diff has to say which file it is of.
function OneOfSeveral({ view }: { readonly view: View }) {
  return (
    <div className="flex flex-col gap-1">
      {view.kind === 'diff' && (
        <p className="font-mono text-small break-all text-text">
          {view.path} <PatchCounts patch={view.patch} />
        </p>
      )}
      <ToolView view={view} />
    </div>
  );
}

/** A file's text with its line numbers. */
export function FileText({
  text,
  firstLine,
  label,
}: {
  readonly text: string;
  readonly firstLine: number;
  readonly label: string;
}) {
  const lines = text.replace(/\n$/, '').split('\n').slice(0, 5000);
  return (
    <section className="output file-text max-h-95" aria-label={label} tabIndex={0}>
      <pre aria-hidden="true" className="file-numbers">
        {lines.map((_, index) => firstLine + index).join('\n')}
      </pre>
      <pre className="file-lines">{lines.join('\n')}</pre>
    </section>
  );
}

function Picture({ url, path }: { readonly url: string; readonly path: string }) {
  const source = safeImage(url);
  if (!source) return <p className="text-text-3">This picture’s format is not shown.</p>;
  return <img src={source} alt={path} className="max-h-95 max-w-full rounded-ui border border-hairline" />;
}

function Lines({ rows, label }: { readonly rows: readonly string[]; readonly label: string }) {
  return (
    <section className="output max-h-95" aria-label={label} tabIndex={0}>
      {rows.slice(0, MOST_ROWS).map((row, index) => (
        <div key={index} className="output-line">
          {row}
        </div>
      ))}
      <More count={rows.length - MOST_ROWS} />
    </section>
  );
}

function Hits({ hits }: { readonly hits: Extract<View, { kind: 'hits' }>['hits'] }) {
  return (
    <section className="output max-h-95" aria-label="Hits" tabIndex={0}>
      {hits.slice(0, MOST_ROWS).map((hit, index) => (
        <div key={index} className="output-line">
          {hit.path !== hits[index - 1]?.path && (
            <div className="pt-1 font-medium text-text first:pt-0">{hit.path}</div>
          )}
          <span className="inline-block min-w-10 pr-3 text-right text-text-3">{hit.line}</span>
          {hit.text}
        </div>
      ))}
      <More count={hits.length - MOST_ROWS} />
    </section>
  );
}

function More({ count }: { readonly count: number }) {
  return count > 0 ? <div className="pt-1 text-text-3">{count} more not shown</div> : null;
}
