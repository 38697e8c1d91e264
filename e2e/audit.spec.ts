import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { signIn } from './support/page.ts';
import { makeWorkspace, signInBeside } from './support/places.ts';
import { expect, test, type World } from './support/world.ts';

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test.beforeEach(({ world }) => world.farhand.setDefaultPolicy('ask_writes'));

test('what an agent ran is found, with who allowed it and how it ended', async ({ page, world }) => {
  await publish(world, 'first');
  await openAudit(page, world);
  const events = page.getByRole('region', { name: 'Events' });
  await page.getByRole('searchbox', { name: 'Words' }).fill('echo published as first');
  const command = events.getByRole('button', { name: /Command Agent builtin .*echo published as first/ });
  await expect(command).toBeVisible();
  await expect(events.getByRole('button', { name: /Decision .*allowed: .*echo published/ })).toBeVisible();
  await expect(events.getByRole('button', { name: /Exit .*Exited with 0: .*echo published/ })).toBeVisible();

  await command.press('Enter');
  const details = page.getByRole('complementary', { name: 'Event' });
  // The list is one stop for Tab.
  await expect(details).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(details.getByRole('button', { name: 'Close' })).toBeFocused();
  await expect(details).toContainText(world.sshd.alias);
  await expect(details).toContainText(world.sshd.user);
  await details.getByRole('button', { name: 'All of this approval' }).click();
  await expect(events.getByRole('button')).toHaveCount(2);
  await details.getByRole('button', { name: 'All of this job' }).click();
  await events.getByRole('button', { name: /Exited with 0/ }).click();
  await expect(details.getByRole('region', { name: 'Output' })).toContainText('published as first');
  await details.getByRole('button', { name: 'The command' }).click();
  await expect(details.getByRole('heading', { name: /^Command \d+$/ })).toBeVisible();
  await details.getByRole('button', { name: 'Its end and output' }).click();
  await expect(details.getByRole('heading', { name: /^Exit \d+$/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(details).toBeHidden();

  // Newer ones come by themselves.
  await page.getByRole('button', { name: 'Clear' }).click();
  await publish(world, 'second');
  await expect(events.getByRole('button', { name: /Command .*echo published as second/ })).toBeVisible();
  await page.getByRole('button', { name: 'Exit', exact: true }).click();
  await expect(events.getByRole('button', { name: /Command/ })).toHaveCount(0);
});

test('a log that nobody touched is whole, and one that somebody changed is not', async ({ page, world }) => {
  await publish(world, 'third');
  await openAudit(page, world);
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByText('The log is whole.')).toBeVisible();
  expect((await world.farhand.cli('audit', 'verify')).code).toBe(0);
  const exported = await world.farhand.cli('audit', 'export', '--jsonl');
  const file = join(world.folder, 'audit.jsonl');
  writeFileSync(file, exported.stdout);
  expect(await world.farhand.cli('audit', 'verify', '--file', file)).toMatchObject({ code: 0 });
  writeFileSync(file, exported.stdout.replace('echo published as third', 'echo published as other'));
  expect(await world.farhand.cli('audit', 'verify', '--file', file)).toMatchObject({ code: 1 });

  await world.farhand.stop();
  const db = openLog(world);
  db.exec('DROP TRIGGER events_stay');
  const sql = "UPDATE events SET summary = 'ls', facts = '{}' WHERE kind = 'command' AND summary LIKE ?";
  expect(db.prepare(sql).run('%published as third%').changes).toBe(1);
  db.close();
  // Also while no server runs.
  const verdict = await world.farhand.cli('audit', 'verify');
  expect(verdict.code).toBe(1);
  expect(verdict.stdout).toMatch(/Event \d+ was changed/);

  await world.farhand.start();
  await openAudit(page, world);
  await page.getByRole('button', { name: 'Verify' }).click();
  const alert = page.getByRole('main').getByRole('alert');
  await expect(alert).toContainText('The log is not whole.');
  await expect(alert).toContainText(/Event \d+ was changed/);
});

test('on a phone the log is read card by card', async ({ world, browser }) => {
  await publish(world, 'fourth');
  const phone = await (await browser.newContext(PHONE)).newPage();
  await signIn(phone, (await world.farhand.cli('login-url')).stdout.trim());
  await phone.getByRole('button', { name: 'Audit log' }).tap();
  const events = phone.getByRole('region', { name: 'Events' });
  await events.getByRole('button', { name: /Exited with 0: .*echo published as fourth/ }).tap();
  const dialog = phone.getByRole('dialog', { name: /^Event/ });
  await expect(dialog.getByRole('region', { name: 'Output' })).toContainText('published as fourth');
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.viewport.width);
});

/** An agent that published what a person allowed. */
async function publish(world: World, word: string): Promise<void> {
  const client = await signInBeside(world);
  const workspace = await makeWorkspace(client, world, { name: `shop-${word}` });
  const { session } = await client.call('session.create', { workspaceId: workspace.id });
  await client.call('session.prompt', { sessionId: session.id, text: `Publish as ${word}` });
  const open = async () => (await client.call('approval.list', { isOpen: true })).approvals;
  await expect.poll(async () => (await open()).length).toBeGreaterThan(0);
  const [asked] = await open();
  if (!asked) throw new Error('nothing was asked');
  const { id: approvalId, hash } = asked;
  await client.call('approval.decide', { approvalId, hash, decision: { kind: 'allow', scope: 'once' } });
  const ends = () => client.call('audit.search', { text: `echo published as ${word}`, kinds: ['exit'] });
  await expect.poll(async () => (await ends()).events.length).toBe(1);
}

async function openAudit(page: Page, world: World): Promise<void> {
  await signIn(page, (await world.farhand.cli('login-url')).stdout.trim());
  await page.keyboard.press('Control+Shift+P');
  await page.getByRole('combobox').fill('>audit log');
  await page.getByRole('option', { name: /Audit log/ }).click();
  await expect(page).toHaveURL(/view=audit/);
}

// The one of the server: the journeys have no database of their own.
const DRIVER = 'libsql';

/** As much of the server's database as is used here. */
interface Log {
  exec(sql: string): void;
  prepare(sql: string): { run(value: string): { readonly changes: number } };
  close(): void;
}

function openLog(world: World): Log {
  const require = createRequire(join(import.meta.dirname, '../apps/server/package.json'));
  const Database = require(DRIVER) as new (file: string) => Log;
  return new Database(join(world.folder, 'farhand', 'audit', 'audit.db'));
}
