import { type ComponentType, lazy, memo, Suspense, useState } from 'react';
import { load } from '@/client/load.ts';
import type { MarkdownProps } from './markdown-view.tsx';

let loaded: ComponentType<MarkdownProps> | null = null;

const loadView = async () => {
  const module = await load(() => import('./markdown-view.tsx'));
  loaded = module.default;
  return module;
};
const LazyView = lazy(loadView);

/** Fetches the parser as soon as the page has nothing else to do, so that the next transcript need not wait for it. */
export function fetchMarkdownWhenIdle(): void {
  // Where the browser cannot tell, a moment after what is being drawn now.
  const whenIdle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200));
  whenIdle(() => void loadView());
}

/** Markdown of an agent, plain until the parser is loaded. */
export const Markdown = memo(function Markdown(props: MarkdownProps) {
  // React shows a fallback even for what is there already, and leaves it for 300 ms: a parser that is there is used as
  // it is. Chosen once, for the other choice would draw the same text anew.
  const [View] = useState(() => loaded ?? LazyView);
  return (
    <Suspense fallback={<div className="text-read whitespace-pre-wrap">{props.text}</div>}>
      <View {...props} />
    </Suspense>
  );
});
