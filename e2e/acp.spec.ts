import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { AcpAgentOptions } from '@farhand/shared/testing/acp-agent/acp-agent';
import type { Page } from '@playwright/test';
import { prompt, signIn, transcriptText } from './support/page.ts';
import { addScriptedAgent, makeWorkspace, signInBeside } from './support/places.ts';
import { processes } from './support/processes.ts';
import { expect, test, type World } from './support/world.ts';

test('a turn with a plan, a thought, a tool, a diff and a permission; then another mode', async ({
  page,
  world,
}) => {
  await world.farhand.setDefaultPolicy('ask_all');
  const log = join(world.folder, 'agent.log');
  await openSession(page, world, { log });
  await prompt(
    page,
    [
      'plan Look at the cart; Mend the discount; Run the tests',
      'think It may be the cents.',
      'say I look first.',
      'tool Read the cart',
      'diff src/cart.js cents percent',
      'permit npm publish',
    ].join('\n'),
  );
  const card = page.locator('section[data-approval]');
  await expect(card).toContainText('npm publish');
  const transcript = page.getByLabel('Transcript');
  await expect(transcript.getByRole('listitem').filter({ hasText: 'Mend the discount' })).toContainText(
    'In progress',
  );
  await expect(transcript.getByRole('button', { name: /^Thought It may be the cents/ })).toBeVisible();
  const tool = (name: RegExp) =>
    page.locator('[data-tool]').filter({ has: page.getByRole('button', { name }) });
  await expect(tool(/^Read the cart/)).toHaveAttribute('data-state', 'done');
  await tool(/^Edited src\/cart\.js/)
    .getByRole('button')
    .first()
    .click();
  await expect(tool(/^Edited src\/cart\.js/)).toContainText('percent');
  await card.getByRole('button', { name: /^Allow once/ }).click();
  await expect(page.getByText('allowed npm publish', { exact: true })).toBeVisible();

  await page.getByRole('combobox', { name: 'Mode' }).selectOption({ label: 'Code' });
  await expect.poll(() => readFileSync(log, 'utf8')).toContain('"method":"session/set_mode"');
  await expect(page.getByRole('combobox', { name: 'Mode' })).toHaveValue('code');
});

test('stop ends the turn; a dead program is started anew by the next message', async ({ page, world }) => {
  await openSession(page, world, {});
  await prompt(page, 'count 1000 50');
  await expect(page.getByText('<5>')).toBeVisible();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByText(/stopped/i).first()).toBeVisible();

  await prompt(page, 'die 3');
  await expect(page.getByText(/ended|exited|died/i).first()).toBeVisible();
  await prompt(page, 'say I am back');
  await expect(page.getByText('I am back', { exact: true })).toBeVisible();
});

test('a turn goes on over a killed server, and nothing is said twice', async ({ page, world }) => {
  const { home } = world.sshd;
  await openSession(page, world, {});
  await prompt(page, 'count 60 100\nsay .');
  await expect(page.getByText('<5>')).toBeVisible();
  await world.farhand.kill();
  expect(
    processes(`${process.execPath} ${home}/scripted/agent.mjs ${home}/scripted/options.json`),
  ).toHaveLength(1);
  await world.farhand.start();
  await expect(page.getByText('<60>.')).toBeVisible({ timeout: 60_000 });
  const all = Array.from({ length: 60 }, (_, index) => `<${index + 1}>`).join('');
  expect((await transcriptText(page)).split(all)).toHaveLength(2);
});

test('one that is not signed in says so, signs in, and goes on', async ({ page, world }) => {
  await openSession(page, world, {
    signedIn: join(world.sshd.home, 'signed-in'),
    authMethods: [{ id: 'account', name: 'Sign in with an account' }],
  });
  await prompt(page, 'say hello there');
  // What is sent before the turn has ended is held back as it fails.
  await expect(page.getByText('The agent is not signed in on this host.')).toBeVisible();
  const banner = page.getByRole('region', { name: 'Sign in' });
  await banner.getByRole('button', { name: 'Sign in with an account' }).click();
  await expect(banner).toBeHidden();
  await prompt(page, 'say hello again');
  await expect(page.getByText('hello again', { exact: true })).toBeVisible();
});

test('one that the host does not have is offered with its install', async ({ page, world }) => {
  await openSession(page, world, {});
  await page.getByRole('button', { name: 'Open in this place' }).click();
  await page.getByRole('menuitem', { name: /^Split right/ }).click();
  const agents = page.getByRole('group', { name: 'Agents' });
  await agents.getByRole('button', { name: /more to install/ }).click();
  await expect(
    agents
      .locator('[data-missing]')
      .getByRole('button', { name: /^Install .* by / })
      .first(),
  ).toBeEnabled();
});

/** A session with the scripted agent, which is put on the host as a command of the person's own. */
async function openSession(page: Page, world: World, options: AcpAgentOptions): Promise<Workspace> {
  const client = await signInBeside(world);
  const agent = await addScriptedAgent(client, world.sshd.home, {
    memory: join(world.folder, 'agent-memory.json'),
    ...options,
  });
  const workspace = await makeWorkspace(client, world, { name: 'by-protocol' });
  await client.call('session.create', { workspaceId: workspace.id, agent });
  await signIn(page, world.farhand.url);
  await page
    .getByRole('navigation', { name: 'Workspaces' })
    .getByRole('link', { name: /by-protocol/ })
    .first()
    .click();
  await expect(page.getByRole('textbox', { name: 'Message to the agent' })).toBeVisible();
  return workspace;
}
