import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkspace, prompt, signIn } from './support/page.ts';
import { makeWorkspace, signInBeside } from './support/places.ts';
import { expect, test, type World } from './support/world.ts';

test('what is typed while the host is out of contact waits, is seen to wait, and arrives once', async ({
  page,
  world,
}) => {
  // The setting that keeps a terminal's text in the page for screen readers lets us read it too.
  await page.addInitScript(() => localStorage.setItem('farhand.readable-terminals', 'on'));
  await signIn(page, world.farhand.url);
  await createWorkspace(page, world, { name: 'typing' });
  await page.getByRole('button', { name: 'New terminal' }).click();
  const terminal = page.getByRole('textbox', { name: /terminal/i });
  // The rows alone: beside them stands a live region, which may tell the same again.
  const screen = page.locator('.xterm-accessibility-tree');
  await terminal.focus();
  await page.keyboard.type('echo before-$((1+1))\n');
  await expect(screen).toContainText('before-2');

  signalSshd(world, 'SIGSTOP');
  world.sshd.killConnections();
  await expect(page.getByText(/^No contact with farhand-test, it runs on/)).toBeVisible();
  await terminal.focus();
  await page.keyboard.type('echo discarded\n');
  await expect(page.getByText('15 characters wait')).toBeVisible();
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.keyboard.type('echo after-$((40+2))\n');
  await expect(page.getByText('21 characters wait')).toBeVisible();

  signalSshd(world, 'SIGCONT');
  await expect(screen).toContainText('after-42', { timeout: 60_000 });
  await expect(page.getByText(/characters wait/)).toHaveCount(0);
  const text = (await screen.allInnerTexts()).join('\n');
  expect(text.match(/after-42/g)).toHaveLength(1);
  expect(text).not.toContain('discarded');
});

test('a message sent before the models are known goes once they are, and leaves what is written after it', async ({
  page,
  world,
}) => {
  await makeWorkspace(await signInBeside(world), world, { name: 'early' });
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/api/model.list', async (route) => {
    await isReleased;
    await route.continue();
  });
  await signIn(page, world.farhand.url);
  await page.getByRole('link', { name: /early/ }).first().click();
  await prompt(page, 'Say good evening');
  const composer = page.getByRole('textbox', { name: 'Message to the agent' });
  await composer.fill('And tomorrow');
  release();
  await expect(page.getByText('A good evening to you.')).toBeVisible();
  await expect(composer).toHaveValue('And tomorrow');
});

/** A stopped sshd takes connections and answers none, as a machine that hangs. */
function signalSshd({ sshd }: World, signal: NodeJS.Signals): void {
  process.kill(Number(readFileSync(join(sshd.directory, 'sshd.pid'), 'utf8')), signal);
}
