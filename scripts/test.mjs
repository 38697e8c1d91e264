// `npm test`: everything that must hold. Installs what the tests need, then types, lint, unit and journey tests.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { fail, root, run } from './lib/run.mjs';
import { ensureTestAgents } from './lib/test-agents.mjs';
import { ensureTestTools } from './lib/test-tools.mjs';

const reports = join(root, '.cache/reports');

async function step(name, action) {
  const started = Date.now();
  console.log(`\n── ${name}`);
  await action();
  console.log(`── ${name}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
}

/** Counts of a finished run, as its reporter wrote them. */
function counts() {
  const unit = JSON.parse(readFileSync(join(reports, 'unit.json'), 'utf8'));
  const journeys = JSON.parse(readFileSync(join(reports, 'journeys.json'), 'utf8')).stats;
  return {
    passed: unit.numPassedTests + journeys.expected,
    failed: unit.numFailedTests + journeys.unexpected + journeys.flaky,
    skipped: unit.numPendingTests + unit.numTodoTests + journeys.skipped,
  };
}

try {
  await ensureInstalled();
  await ensureTestTools();
  await ensureTestAgents();
  mkdirSync(reports, { recursive: true });
  await step('types', () => run('npx', ['tsc', '-b']));
  await step('lint', () => run('npm', ['run', '--silent', 'lint']));
  await step('unit tests', () =>
    run('npx', [
      'vitest',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${join(reports, 'unit.json')}`,
    ]),
  );
  await step('build', ensureBuilt);
  await step('journeys', () =>
    run('npx', ['playwright', 'test', '--config', 'e2e/playwright.config.ts'], {
      env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'journeys.json') },
    }),
  );
  const { passed, failed, skipped } = counts();
  if (skipped > 0) throw new Error(`${skipped} tests were skipped: none may be.`);
  console.log(`\n${passed} passed, ${failed} failed`);
} catch (error) {
  fail(error);
}
