import type { ITheme } from '@xterm/xterm';

const COLOURS = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
  'brightBlack',
  'brightRed',
  'brightGreen',
  'brightYellow',
  'brightBlue',
  'brightMagenta',
  'brightCyan',
  'brightWhite',
] as const;

/** The colours of a terminal out of the page's tokens, as they are now. */
export function terminalTheme(): ITheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const ansi = COLOURS.map((name) => [
    name,
    token(`ansi-${name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}`),
  ]);
  return {
    ...Object.fromEntries(ansi),
    background: token('pane'),
    foreground: token('text'),
    cursor: token('text'),
    cursorAccent: token('pane'),
    selectionBackground: `${token('accent')}66`,
    scrollbarSliderBackground: `${token('hairline-strong')}99`,
    scrollbarSliderHoverBackground: token('hairline-strong'),
    scrollbarSliderActiveBackground: token('hairline-strong'),
    overviewRulerBorder: '#00000000',
  };
}

/** Calls `change` when the page turns dark or light; until the returned function is called. */
export function watchTheme(change: () => void): () => void {
  const observer = new MutationObserver(change);
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-theme', 'data-text-size'],
  });
  return () => observer.disconnect();
}
