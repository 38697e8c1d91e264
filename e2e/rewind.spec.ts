import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { prompt, signIn } from './support/page.ts';
import { makeWorkspace, signInBeside } from './support/places.ts';
import { expect, test } from './support/world.ts';

const message = (page: Page, text: string) =>
  page.getByLabel('Transcript').locator('.user-message-row').filter({ hasText: text });

async function askRewind(page: Page, text: string, item: string): Promise<void> {
  const row = message(page, text);
  await row.hover();
  await row.getByRole('button', { name: 'Rewind to before this message' }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

test('two turns are rewound over ssh, a conflict is told, forced, and undone', async ({ page, world }) => {
  const client = await signInBeside(world);
  const { directory } = await makeWorkspace(client, world, { name: 'rewound' });
  const file = (name: string) => join(directory ?? '', name);
  await signIn(page, world.farhand.url);
  await page
    .getByRole('navigation', { name: 'Workspaces' })
    .getByRole('link', { name: /rewound/ })
    .first()
    .click();
  await prompt(page, 'Put the word heron into the diary');
  await expect(page.getByText('heron is in the diary.')).toBeVisible();
  await prompt(page, 'Put the word stork into the diary');
  await expect(page.getByText('stork is in the diary.')).toBeVisible();
  // Until the turn has ended, what changes counts as its work.
  await expect(page.getByText('The agent is done.')).toHaveCount(1);
  expect(readFileSync(file('diary.txt'), 'utf8')).toBe('stork\n');

  // A person edits by hand, in a terminal.
  writeFileSync(file('log.txt'), 'mine\n');
  await askRewind(page, 'heron', 'Rewind both');
  const dialog = page.getByRole('dialog', { name: 'Rewind files and conversation?' });
  await expect(dialog.getByRole('alert')).toContainText('1 file was changed by somebody else since');
  await expect(dialog.getByText('2 messages with their answers are taken back')).toBeVisible();
  const files = dialog.getByRole('list', { name: 'Files that change' });
  await files.getByRole('button', { name: /log\.txt.*edited since/ }).click();
  await expect(files.getByText('mine')).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(
    message(page, 'heron').getByRole('button', { name: 'Rewind to before this message' }),
  ).toBeFocused();
  expect(existsSync(file('diary.txt'))).toBe(true);

  await askRewind(page, 'heron', 'Rewind both');
  await dialog.getByRole('button', { name: 'Rewind anyway' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: '2 messages taken back' })).toBeVisible();
  expect(existsSync(file('diary.txt'))).toBe(false);
  expect(existsSync(file('log.txt'))).toBe(false);

  await page.locator('[data-sonner-toast]').getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('button', { name: '2 messages taken back' })).toBeHidden();
  await expect(page.getByText('stork is in the diary.')).toBeVisible();
  expect(readFileSync(file('diary.txt'), 'utf8')).toBe('stork\n');
  expect(readFileSync(file('log.txt'), 'utf8')).toBe('mine\n');

  // By keyboard, and the model forgets what was taken back.
  const rewind = message(page, 'stork').getByRole('button', { name: 'Rewind to before this message' });
  await rewind.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Rewind conversation', exact: true }).focus();
  await page.keyboard.press('Enter');
  const go = page
    .getByRole('dialog', { name: 'Rewind the conversation?' })
    .getByRole('button', { name: 'Rewind', exact: true });
  await expect(go).toBeEnabled();
  await go.press('Enter');
  await expect(page.getByRole('button', { name: '1 message taken back' })).toBeVisible();
  await prompt(page, 'Say good evening');
  await expect(page.getByText('A good evening to you.')).toBeVisible();
  const asked = world.model.requests.at(-1)?.text ?? '';
  expect(asked).toContain('heron');
  expect(asked).not.toContain('stork');
});

test('a dry run collects, shows, applies in order and discards', async ({ page, world }) => {
  const client = await signInBeside(world);
  const { directory } = await makeWorkspace(client, world, { name: 'dry' });
  const file = (name: string) => join(directory ?? '', name);
  await signIn(page, world.farhand.url);
  await page
    .getByRole('navigation', { name: 'Workspaces' })
    .getByRole('link', { name: /dry/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Dry run', exact: true }).click();
  const head = page.getByRole('region', { name: 'Dry run' });
  await expect(head).toContainText('nothing is changed');
  await prompt(page, 'Put the word heron into the diary');
  await expect(page.getByText('heron is in the diary.')).toBeVisible();
  const list = head.getByRole('list', { name: 'Proposals' });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(page.getByText('Proposed (1): write')).toBeVisible();
  expect(existsSync(file('diary.txt'))).toBe(false);
  await list.getByRole('button', { name: /1 diary\.txt/ }).click();
  await expect(list.locator('.diff-box')).toContainText('heron');

  // A phone shows the same.
  await page.setViewportSize({ width: 390, height: 800 });
  await expect(head.getByRole('button', { name: 'Apply all 2' })).toBeInViewport();
  await page.setViewportSize({ width: 1440, height: 900 });

  await list.getByRole('button', { name: 'Apply proposal 1' }).click();
  await expect(list.getByText('applied', { exact: true })).toHaveCount(1);
  expect(readFileSync(file('diary.txt'), 'utf8')).toBe('heron\n');
  expect(existsSync(file('log.txt'))).toBe(false);
  await head.getByRole('button', { name: 'Apply all 1' }).click();
  await expect
    .poll(() => existsSync(file('log.txt')) && readFileSync(file('log.txt'), 'utf8'))
    .toBe('heron\n');

  await prompt(page, 'Put the word stork into the diary');
  await expect(list.getByRole('button', { name: 'Discard proposal 3' })).toBeVisible();
  await expect(page.getByText('stork is in the diary.')).toBeVisible();
  await head.getByRole('button', { name: 'Discard all' }).click();
  await head.getByRole('button', { name: 'Discard 2', exact: true }).click();
  await expect(list.getByRole('listitem')).toHaveCount(2);
  expect(readFileSync(file('diary.txt'), 'utf8')).toBe('heron\n');
});
