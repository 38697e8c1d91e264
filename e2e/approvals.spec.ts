import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { Locator, Page } from '@playwright/test';
import { signIn } from './support/page.ts';
import { makeWorkspace, signInBeside } from './support/places.ts';
import { expect, test, type World } from './support/world.ts';

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
/** The least that a thumb hits surely, in px. */
const THUMB = 44;

test.beforeEach(({ world }) => world.farhand.setDefaultPolicy('ask_writes'));

test('an approval is answered in the inbox, by its keys', async ({ page, world }) => {
  const workspace = await ask(world, 'first');
  await signIn(page, world.farhand.url);
  await needs(page).getByRole('link', { name: /shop/ }).focus();
  await page.keyboard.press('a');
  await expect(card(page)).toContainText('echo published as first');
  expect(publishedIn(workspace)).toBe('');
  await expect(card(page)).toBeFocused();
  await expect(card(page).getByRole('button', { name: /^Allow once/ })).toBeEnabled();
  await page.keyboard.press('a');
  await expect(page.getByRole('region', { name: 'Needs you' }).getByText(/echo published/)).toHaveCount(0);
  await page
    .getByRole('link', { name: /^.*shop-first/ })
    .first()
    .click();
  await expect(page.getByText('That was the publishing.')).toBeVisible();
  await expect(page.locator('[data-approval-decided="allowed"]')).toContainText('Allowed once');
  expect(publishedIn(workspace)).toBe('published as first\n');
});

test('the command is edited, and only that one runs', async ({ page, world }) => {
  const workspace = await ask(world, 'second');
  await openIn(page, world, 'second');
  await card(page).getByRole('button', { name: 'Edit command…' }).click();
  await card(page)
    .getByRole('textbox', { name: 'Command to run instead' })
    .fill('echo otherwise > published.txt');
  await card(page).getByRole('button', { name: 'Run this instead' }).click();
  await expect(page.getByText('That was the publishing.')).toBeVisible();
  await expect(page.locator('[data-approval-decided]')).toContainText('Allowed with another command');
  expect(publishedIn(workspace)).toBe('otherwise\n');
});

test('an answer of the command line is seen in the page', async ({ page, world }) => {
  const workspace = await ask(world, 'third');
  await openIn(page, world, 'third');
  await expect(card(page)).toBeVisible();
  const { stdout } = await world.farhand.cli('approvals', 'list', '--json');
  const [open] = (JSON.parse(stdout) as { approvals: { id: string }[] }).approvals;
  await world.farhand.cli('approvals', 'deny', open?.id ?? '', '--reason', 'not on a Friday');
  await expect(card(page)).toHaveCount(0);
  await expect(page.locator('[data-approval-decided="denied"]')).toContainText('command line');
  await expect(page.getByText('That was the publishing.')).toBeVisible();
  expect(publishedIn(workspace)).toBe('');
});

test('it waits through a reload and a killed server, and is carried out once', async ({ page, world }) => {
  const workspace = await ask(world, 'fourth');
  await openIn(page, world, 'fourth');
  await expect(card(page)).toBeVisible();
  await page.reload();
  await expect(card(page)).toBeVisible();
  // What the page is still loading it could not load any more.
  await page.waitForLoadState('networkidle');
  await world.farhand.kill();
  await expect(page.getByRole('button', { name: /retry now/i })).toBeVisible();
  await world.farhand.start();
  await expect(page.getByRole('button', { name: /retry now/i })).toBeHidden({ timeout: 30_000 });
  await card(page)
    .getByRole('button', { name: /^Allow once/ })
    .click();
  await expect(page.getByText('That was the publishing.')).toBeVisible();
  expect(publishedIn(workspace)).toBe('published as fourth\n');
});

test('two pages answer at once: one decision, and both show it', async ({ page, world, browser }) => {
  const workspace = await ask(world, 'fifth');
  const other = await (await browser.newContext()).newPage();
  await openIn(page, world, 'fifth');
  await openIn(other, world, 'fifth');
  const yes = card(page).getByRole('button', { name: /^Allow once/ });
  const no = card(other).getByRole('button', { name: 'Deny', exact: false }).first();
  await expect(yes).toBeEnabled();
  await expect(no).toBeEnabled();
  // One of the two may find its button gone.
  await Promise.allSettled([yes.click({ timeout: 5000 }), no.click({ timeout: 5000 })]);
  const decided = (view: Page) => view.getByLabel('Transcript').locator('[data-approval-decided]');
  await expect(decided(page)).toHaveCount(1);
  await expect(decided(other)).toHaveCount(1);
  await expect(page.getByText('That was the publishing.')).toBeVisible();
  const decision = await decided(page).getAttribute('data-approval-decided');
  expect(await decided(other).getAttribute('data-approval-decided')).toBe(decision);
  expect(publishedIn(workspace)).toBe(decision === 'allowed' ? 'published as fifth\n' : '');
});

test('on a phone it is answered with a thumb', async ({ world, browser }) => {
  const workspace = await ask(world, 'sixth');
  const phone = await (await browser.newContext(PHONE)).newPage();
  await signIn(phone, world.farhand.url);
  await needs(phone).getByRole('link', { name: /shop/ }).tap();
  const allow = card(phone).getByRole('button', { name: /^Allow once/ });
  await expect(card(phone)).toContainText('echo published as sixth');
  expect((await allow.boundingBox())?.height).toBeGreaterThanOrEqual(THUMB);
  await allow.tap();
  await expect(card(phone)).toHaveCount(0);
  await expect.poll(() => publishedIn(workspace)).toBe('published as sixth\n');
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.viewport.width);
});

/** An agent of a workspace of its own that has asked to publish. */
async function ask(world: World, word: string): Promise<Workspace> {
  const client = await signInBeside(world);
  const workspace = await makeWorkspace(client, world, { name: `shop-${word}` });
  const { session } = await client.call('session.create', { workspaceId: workspace.id });
  await client.call('session.prompt', { sessionId: session.id, text: `Publish as ${word}` });
  await expect.poll(async () => (await client.call('approval.list', {})).approvals.length).toBeGreaterThan(0);
  return workspace;
}

async function openIn(page: Page, world: World, word: string): Promise<void> {
  await signIn(page, (await world.farhand.cli('login-url')).stdout.trim());
  await page
    .getByRole('navigation', { name: 'Workspaces' })
    .getByRole('link', { name: new RegExp(`shop-${word}`) })
    .first()
    .click();
}

const needs = (page: Page): Locator => page.getByRole('region', { name: 'Needs you' });
const card = (page: Page): Locator => page.locator('section[data-approval]').first();

function publishedIn({ directory }: Workspace): string {
  const file = join(directory ?? '', 'published.txt');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
