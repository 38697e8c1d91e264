import { defineConfig } from 'vitest/config';

// One project: files run in parallel workers; a file that starts an sshd owns its port and directories.
export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'scripts/**/*.test.mjs'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A loaded machine is slow: what comes at last is waited for.
    expect: { poll: { timeout: 10_000 } },
    // Tests of connections wait more than they work: three keep two cores busy.
    maxWorkers: 3,
  },
});
