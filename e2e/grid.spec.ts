import { signIn } from './support/page.ts';
import { addHost, addScriptedAgent, makeWorkspace, signInBeside } from './support/places.ts';
import { expect, test } from './support/world.ts';

const HOSTS = ['farhand-test', 'second', 'third'];
const AGENTS = 10;

test('ten agents in a grid over three hosts, all live; one prompt goes to several', async ({
  page,
  world,
}) => {
  await page.setViewportSize({ width: 2560, height: 1440 });
  for (const host of HOSTS.slice(1)) await addHost(world, host);
  const client = await signInBeside(world);
  // The hosts are of one machine: a program put on one is there for all.
  const agent = await addScriptedAgent(client, world.sshd.home);
  const workspaces = [];
  for (const host of HOSTS) workspaces.push(await makeWorkspace(client, world, { name: `on-${host}`, host }));
  for (let number = 0; number < AGENTS; number++) {
    const workspaceId = workspaces[number % workspaces.length]?.id;
    if (!workspaceId) throw new Error('there is no workspace');
    const isAcp = number % 2 === 1;
    const { session } = await client.call('session.create', { workspaceId, ...(isAcp && { agent }) });
    const text = isAcp ? 'count 60 100' : 'Count to 30.';
    await client.call('session.prompt', { sessionId: session.id, text });
  }

  await signIn(page, world.farhand.url);
  await page.getByRole('link', { name: 'All agents' }).click();
  const board = page.getByRole('main');
  await expect(board.getByLabel('Transcript')).toHaveCount(AGENTS);
  await board.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Keep as a board' }).click();
  await expect(board.getByLabel('Transcript')).toHaveCount(AGENTS);
  await expect(board.getByText('I counted to 30.')).toHaveCount(AGENTS / 2, { timeout: 60_000 });
  await expect(board.getByText('<60>')).toHaveCount(AGENTS / 2, { timeout: 60_000 });

  await board.getByRole('button', { name: 'Broadcast' }).click();
  const takers = board.getByRole('list', { name: 'Sessions that get it' }).getByRole('checkbox');
  await expect(takers).toHaveCount(AGENTS);
  await takers.first().uncheck();
  await board.getByRole('textbox', { name: 'Message to several agents' }).fill('say a good evening');
  await board.getByRole('button', { name: `Send to ${AGENTS - 1}` }).click();
  await expect(board.getByText(/^(A good evening to you\.|a good evening)$/)).toHaveCount(AGENTS - 1);
});
