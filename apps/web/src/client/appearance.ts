import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'dark' | 'light';
export type TextSize = 'small' | 'normal' | 'large';

const CHANGED = 'farhand:appearance';

// public/theme.js reads the same keys before the first paint and listens for the event.
const KEYS = {
  theme: 'farhand.theme',
  textSize: 'farhand.text-size',
  readableTerminals: 'farhand.readable-terminals',
} as const;

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without storage the setting cannot be kept, and theme.js has nowhere to read it from.
  }
  window.dispatchEvent(new Event(CHANGED));
}

export const setTheme = (theme: Theme): void => write(KEYS.theme, theme);
export const setTextSize = (size: TextSize): void => write(KEYS.textSize, size);
export const setReadableTerminals = (isOn: boolean): void =>
  write(KEYS.readableTerminals, isOn ? 'on' : 'off');

/** True where terminals keep their text in the page too, for screen readers; it costs speed, so it is off by default. */
export const areTerminalsReadable = (): boolean => read(KEYS.readableTerminals) === 'on';

export const useReadableTerminals = (): boolean => useSyncExternalStore(watch, areTerminalsReadable);

/** Calls `listener` when an appearance setting changed, in this tab or another; until the returned function is called. */
export const watchAppearance = (listener: () => void): (() => void) => watch(listener);

function watch(listener: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  window.addEventListener(CHANGED, listener);
  window.addEventListener('storage', listener);
  system.addEventListener('change', listener);
  return () => {
    window.removeEventListener(CHANGED, listener);
    window.removeEventListener('storage', listener);
    system.removeEventListener('change', listener);
  };
}

/** The chosen theme; `system` unless a person chose one. */
export const useTheme = (): Theme =>
  useSyncExternalStore(
    watch,
    () => (['dark', 'light'] as const).find((theme) => theme === read(KEYS.theme)) ?? 'system',
  );

/** The chosen text size; `normal` unless a person chose another. */
export const useTextSize = (): TextSize =>
  useSyncExternalStore(
    watch,
    () => (['small', 'large'] as const).find((size) => size === read(KEYS.textSize)) ?? 'normal',
  );

/** Which colours are on the page now; for terminals, which cannot read CSS variables. */
export const useShownTheme = (): 'dark' | 'light' =>
  useSyncExternalStore(watch, () => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light'));
