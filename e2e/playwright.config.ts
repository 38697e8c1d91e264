import { defineConfig } from '@playwright/test';
import { LAUNCH_OPTIONS } from './support/browser.ts';

// Debian's Chromium, one worker: each journey has a server and an sshd of its own.
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../test-results',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 1,
  retries: 0,
  forbidOnly: true,
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['list'], ['json']] : [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: LAUNCH_OPTIONS,
  },
});
