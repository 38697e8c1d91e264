import { lazy, memo, Suspense } from 'react';
import { load } from '@/client/load.ts';

const loadView = () => load(() => import('./markdown-view.tsx'));
const View = lazy(loadView);

/** Fetches the parser as soon as the page has nothing else to do, so that the next transcript need not wait for it. */
export function fetchMarkdownWhenIdle(): void {
  // Where the browser cannot tell, a moment after what is being drawn now.
  const whenIdle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200));
  whenIdle(() => void loadView());
}

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
