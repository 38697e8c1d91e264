import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signIn } from './support/page.ts';
import { makeWorkspace, signInBeside } from './support/places.ts';
import { expect, test, type World } from './support/world.ts';

test('an agent asks for an operation, a person allows it in the inbox, and the agent sees how it ended', async ({
  page,
  world,
}) => {
  define(world);
  const client = await signInBeside(world);
  const workspace = await makeWorkspace(client, world, { name: 'shop-ops' });
  const { session } = await client.call('session.create', { workspaceId: workspace.id });
  await client.call('session.prompt', { sessionId: session.id, text: 'Restart the service web' });
  await signIn(page, world.farhand.url);
  const needs = page.getByRole('region', { name: 'Needs you' });
  await needs.getByRole('link', { name: /Operation restart/ }).focus();
  await page.keyboard.press('a');
  const card = page.locator('section[data-approval]').first();
  await expect(card).toContainText('Operation restart');
  await expect(card).toContainText('web.service');
  await expect(card).toContainText('Farhand');
  await expect(card.getByRole('button', { name: 'Allow for this session' })).toHaveCount(0);
  expect(restarted(world)).toBe('');
  await expect(card.getByRole('button', { name: /^Allow once/ })).toBeEnabled();
  await page.keyboard.press('a');
  await expect(needs.getByRole('link', { name: /Operation restart/ })).toHaveCount(0);
  await page
    .getByRole('link', { name: /^.*shop-ops/ })
    .first()
    .click();
  await expect(page.getByText('The service was restarted.')).toBeVisible();
  expect(restarted(world)).toBe('web.service\n');
  const { events } = await client.call('session.events', { sessionId: session.id, after: 0 });
  expect(JSON.stringify(events)).toContain('restarting web.service\\nended with 3');
  const { runs } = await client.call('run.list', {});
  expect(runs).toMatchObject([
    {
      operation: 'restart',
      by: { kind: 'agent', name: 'builtin' },
      sessionId: session.id,
      exit: { code: 3 },
    },
  ]);
});

test('operations are seen and tried in the settings', async ({ page, world }) => {
  define(world);
  await signIn(page, world.farhand.url);
  await page.getByRole('button', { name: 'Settings' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('button', { name: 'Operations' }).click();
  await expect(dialog.getByText('Restart a service of the shop')).toBeVisible();
  await expect(dialog.locator('[data-operation="broken"]')).toContainText('{nothing}, which is no parameter');
  await dialog.getByRole('button', { name: 'Try say' }).click();
  const word = dialog.getByRole('textbox', { name: 'word' });
  await word.fill('-rf');
  await dialog.getByRole('button', { name: 'Run say' }).click();
  await expect(dialog.getByRole('alert')).toContainText('begins with “-”');
  await word.fill('hello there');
  await dialog.getByRole('button', { name: 'Run say' }).click();
  await expect(dialog.getByLabel('Output').first()).toHaveText(/said hello there/);
  await expect(dialog.getByRole('status').first()).toHaveText('Exit status 5');
  await expect(dialog.getByRole('region', { name: 'Recent runs' }).getByRole('button')).toHaveCount(1);
});

function define(world: World): void {
  const host = world.sshd.alias;
  writeFileSync(
    join(world.folder, 'farhand', 'config.toml'),
    `[operations.restart]
description = "Restart a service of the shop"
host = "${host}"
argv = ["sh", "-c", "echo restarting $0; echo $0 >>restarted; exit 3", "{service}.service"]
parameters.service = { type = "choice", choices = ["web", "worker"], description = "Which one" }

[operations.say]
host = "${host}"
argv = ["sh", "-c", "echo said $0; exit 5", "{word}"]
ask = false
parameters.word = { type = "string" }

[operations.broken]
host = "${host}"
argv = ["true", "{nothing}"]
`,
  );
}

function restarted({ sshd }: World): string {
  const file = join(sshd.home, 'restarted');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
