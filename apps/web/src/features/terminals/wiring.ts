import { WebLinksAddon } from '@xterm/addon-web-links';
import type { Terminal } from '@xterm/xterm';
import type { StoreApi } from 'zustand/vanilla';
import { copyText } from '@/ui/copy.ts';
import { boundGraphemes } from './graphemes.ts';
import { cleanTitle, linkTarget, withoutTrailingBlanks } from './host-text.ts';
import type { TerminalView } from './live-terminal.ts';

// Operating system commands that reach beyond the terminal: the clipboard.
const OSC_CLIPBOARD = 52;

/** Ties xterm to what stands around it: titles, links and keys, with what a hostile program could misuse held back. */
export function wireTerminal(xterm: Terminal, view: StoreApi<TerminalView>): void {
  boundGraphemes(xterm);
  xterm.parser.registerOscHandler(OSC_CLIPBOARD, () => true);
  xterm.onTitleChange((title) => view.setState({ title: cleanTitle(title) }));
  wireLinks(xterm, view);
  xterm.attachCustomKeyEventHandler((event) => !takeKey(event, xterm, view));
}

function wireLinks(xterm: Terminal, view: StoreApi<TerminalView>): void {
  const hover = (_event: MouseEvent, text: string) => view.setState({ hovered: linkTarget(text) });
  const leave = () => view.setState({ hovered: null });
  // The words of such a link may say anything: its target is shown, and opened after a yes only.
  const ask = (_event: MouseEvent, text: string) => view.setState({ asked: linkTarget(text) });
  xterm.options.linkHandler = { activate: ask, hover, leave };
  // An address that stands in the text is its own target.
  const open = (event: MouseEvent, text: string) => {
    const target = linkTarget(text);
    if (target && (event.ctrlKey || event.metaKey)) openLink(target);
  };
  xterm.loadAddon(new WebLinksAddon(open, { hover, leave }));
}

/** Opens a checked address in a tab that knows nothing of this one. */
export function openLink(target: string): void {
  window.open(target, '_blank', 'noopener,noreferrer');
}

// True where the key is ours and not the program's.
function takeKey(event: KeyboardEvent, xterm: Terminal, view: StoreApi<TerminalView>): boolean {
  if (event.type !== 'keydown' || !event.shiftKey || !(event.ctrlKey || event.metaKey)) return false;
  if (event.code === 'KeyF') {
    event.preventDefault();
    view.setState({ isSearching: true });
    return true;
  }
  if (event.code !== 'KeyC' || !xterm.hasSelection()) return false;
  event.preventDefault();
  void copyText(withoutTrailingBlanks(xterm.getSelection()));
  return true;
}
