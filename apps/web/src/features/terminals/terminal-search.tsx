import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { IconButton } from '@/ui/button.tsx';
import { Input } from '@/ui/field.tsx';
import type { LiveTerminal } from './live-terminal.ts';

/** Finds text in all lines that the terminal keeps. Enter goes up to the one before, Shift+Enter down. */
export function TerminalSearch({ live }: { readonly live: LiveTerminal }) {
  const [text, setText] = useState('');
  const [found, setFound] = useState<{ resultIndex: number; resultCount: number } | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    const results = live.search.onDidChangeResults(setFound);
    return () => {
      results.dispose();
      live.search.clearDecorations();
    };
  }, [live]);
  const find = (direction: 'up' | 'down', words: string, isIncremental = false) => {
    const options = { incremental: isIncremental, decorations: decorations() };
    if (direction === 'up') live.search.findPrevious(words, options);
    else live.search.findNext(words, options);
  };
  const close = () => {
    live.view.setState({ isSearching: false });
    live.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') find(event.shiftKey ? 'down' : 'up', text);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search className="absolute top-2 right-4 z-10 flex items-center gap-1 rounded-ui bg-raised p-1 shadow-float">
      <Input
        ref={input}
        aria-label="Find in the terminal"
        placeholder="Find"
        className="w-44"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          find('up', target.value, true);
        }}
        onKeyDown={onKeyDown}
      />
      <output className="min-w-12 text-center text-small text-text-3 tabular-nums">
        {text === '' || !found
          ? ''
          : found.resultCount === 0
            ? 'none'
            : `${found.resultIndex + 1}/${found.resultCount}`}
      </output>
      <IconButton label="Previous" onClick={() => find('up', text)}>
        <ChevronUp className="size-3.5" aria-hidden />
      </IconButton>
      <IconButton label="Next" onClick={() => find('down', text)}>
        <ChevronDown className="size-3.5" aria-hidden />
      </IconButton>
      <IconButton label="Close" keys="escape" onClick={close}>
        <X className="size-3.5" aria-hidden />
      </IconButton>
    </search>
  );
}

// The addon takes colours as #rrggbb only.
function decorations() {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    matchBackground: token('blocked-wash'),
    matchOverviewRuler: token('blocked'),
    activeMatchBackground: token('accent'),
    activeMatchColorOverviewRuler: token('accent'),
  };
}
