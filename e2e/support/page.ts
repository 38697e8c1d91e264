import { expect, type Page } from '@playwright/test';
import type { World } from './world.ts';

interface NewWorkspace {
  readonly name: string;
  readonly host?: string;
  readonly branch?: string;
  readonly message?: string;
}

/** Signs in by the one-time URL that the server printed. */
export async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.getByRole('navigation', { name: 'Workspaces' })).toBeVisible();
}

/** Makes a workspace by the dialog, as a person does, without waiting for it to be ready. */
export async function createWorkspace(page: Page, world: World, wanted: NewWorkspace): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'New workspace' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New workspace' });
  await fill(dialog.getByRole('combobox', { name: 'Project' }), world.repository);
  await fill(dialog.getByRole('combobox', { name: 'Host' }), wanted.host ?? world.sshd.alias);
  await expect(dialog.getByRole('combobox', { name: 'Branch' })).toBeEnabled();
  await fill(dialog.getByRole('combobox', { name: 'Branch' }), wanted.branch ?? 'main');
  await dialog.getByRole('textbox', { name: 'Name' }).fill(wanted.name);
  if (wanted.message) await dialog.getByRole('textbox', { name: 'First message' }).fill(wanted.message);
  await dialog.getByRole('button', { name: 'Create workspace' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { name: wanted.name, exact: true })).toBeVisible();
}

async function fill(field: ReturnType<Page['getByRole']>, text: string): Promise<void> {
  await field.fill(text);
  await field.press('Tab');
}

/** The agent pane's composer of the focused or only session. */
const composer = (page: Page) => page.getByRole('textbox', { name: 'Message to the agent' });

export async function prompt(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** The visible text of the transcript with runs of white space folded: for finding a thing once and only once. */
export async function transcriptText(page: Page): Promise<string> {
  const texts = await page.getByLabel('Transcript').allInnerTexts();
  return texts.join('\n').replace(/\s+/g, ' ');
}
