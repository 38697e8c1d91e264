import { cx } from './cx.ts';

const isMac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.platform);

const NAMES: Readonly<Record<string, string>> = {
  mod: isMac ? '⌘' : 'Ctrl',
  alt: isMac ? '⌥' : 'Alt',
  shift: isMac ? '⇧' : 'Shift',
  ctrl: isMac ? '⌃' : 'Ctrl',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  enter: 'Enter',
  escape: 'Esc',
};

/** The names of a chord's keys on this machine: `mod+k` is `⌘`, `K` on a Mac and `Ctrl`, `K` elsewhere. */
function keyNames(keys: string): readonly string[] {
  return keys.split('+').map((key) => NAMES[key] ?? key.toUpperCase());
}

/** A chord as keys, given as `mod+k`. */
export function Kbd({ keys, className }: { readonly keys: string; readonly className?: string }) {
  return (
    <span className={cx('inline-flex shrink-0 gap-0.5', className)}>
      {keyNames(keys).map((name) => (
        <kbd
          key={name}
          className="inline-flex h-4 min-w-4 items-center justify-center rounded-small border border-hairline-strong px-1 font-sans text-micro text-text-2"
        >
          {name}
        </kbd>
      ))}
    </span>
  );
}
