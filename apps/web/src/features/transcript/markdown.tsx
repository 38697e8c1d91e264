import { lazy, memo, Suspense } from 'react';
import { load } from '@/client/load.ts';

const View = lazy(() => load(() => import('./markdown-view.tsx')));

/** Markdown of an agent, plain until the parser is loaded. */
export const Markdown = memo(function Markdown({
  text,
  isStreaming,
}: {
  readonly text: string;
  readonly isStreaming: boolean;
}) {
  return (
    <Suspense fallback={<div className="text-read whitespace-pre-wrap">{text}</div>}>
      <View text={text} isStreaming={isStreaming} />
    </Suspense>
  );
});
