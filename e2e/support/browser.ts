import { type Browser, chromium, type LaunchOptions } from '@playwright/test';

export type { CDPSession, Page } from '@playwright/test';

const isRoot = process.getuid?.() === 0;

/** How every journey and figure starts Chromium: Debian's own, without what it does of its own accord. */
export const LAUNCH_OPTIONS: LaunchOptions = {
  executablePath: process.env.FARHAND_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    ...(isRoot ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
};

/** A Chromium outside Playwright's tests. */
export const launchChromium = (): Promise<Browser> => chromium.launch(LAUNCH_OPTIONS);
