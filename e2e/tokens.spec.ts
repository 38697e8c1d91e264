import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { signIn } from './support/page.ts';
import { expect, test } from './support/world.ts';

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test('a token is made, used by another program, and revoked', async ({ page, world }) => {
  await signIn(page, world.farhand.url);
  await openTokens(page);
  await page.getByRole('button', { name: 'Make a token' }).click();
  const form = page.getByRole('form', { name: 'New token' });
  await form.getByLabel('Name').fill('nightly build');
  await form.getByRole('checkbox', { name: /^run/ }).check();
  await form.getByRole('button', { name: 'Make the token' }).click();
  const value = (await page.getByRole('status').locator('code').textContent()) ?? '';
  expect(value).toMatch(/^fh_[a-z2-7]{59}$/);
  await page.getByRole('button', { name: 'I have it' }).click();
  await expect(page.getByText(value)).toHaveCount(0);
  await expect(page.getByText('May read, run; everywhere')).toBeVisible();

  const origin = new URL(world.farhand.url).origin;
  const ask = async (call: string, input: object) => {
    const headers = { authorization: `Bearer ${value}`, 'content-type': 'application/json' };
    return fetch(`${origin}/api/${call}`, { method: 'POST', headers, body: JSON.stringify(input) });
  };
  expect((await ask('workspace.list', {})).status).toBe(200);
  expect((await ask('token.list', {})).status).toBe(403);

  await page.reload();
  await openTokens(page);
  await expect(page.getByText(/Last used .* from 127\.0\.0\.1/)).toBeVisible();
  await page.getByRole('button', { name: 'Revoke nightly build' }).click();
  await page.getByRole('button', { name: 'Revoke now' }).click();
  await expect(page.getByText('nightly build')).toHaveCount(0);
  expect((await ask('workspace.list', {})).status).toBe(401);
});

test('a program’s settings get Farhand, and lose it again', async ({ world }) => {
  const file = join(world.farhand.home, '.cursor', 'mcp.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '{ "mcpServers": { "other": { "command": "x" } } }\n');
  expect((await world.farhand.cli('mcp', 'install', '--client', 'cursor')).code).toBe(0);
  const read = () => JSON.parse(execFileSync('cat', [file], { encoding: 'utf8' })).mcpServers;
  const { command, args } = read().farhand;
  expect([command, args.at(-3)]).toEqual([process.execPath, 'mcp']);
  expect((await world.farhand.cli('mcp', 'uninstall', '--client', 'cursor')).code).toBe(0);
  expect(read()).toEqual({ other: { command: 'x' } });
});

test.describe('on a phone', () => {
  test.use(PHONE);
  test('everything of a token is in reach', async ({ page, world }) => {
    await signIn(page, world.farhand.url);
    await openTokens(page);
    await page.getByRole('button', { name: 'Make a token' }).click();
    const form = page.getByRole('form', { name: 'New token' });
    await form.getByLabel('Name').fill('phone');
    await form.getByRole('button', { name: 'Make the token' }).click();
    await expect(page.getByRole('button', { name: 'Copy the token' })).toBeInViewport();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(PHONE.viewport.width);
  });
});

async function openTokens(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).first().click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('button', { name: /^API tokens and MCP/ }).click();
  await expect(page.getByRole('heading', { name: 'API tokens', exact: true })).toBeVisible();
}
