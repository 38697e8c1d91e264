import { createWorkspace, signIn, transcriptText } from './support/page.ts';
import { expect, test } from './support/world.ts';

const TICKS = 40;
const allTicks = Array.from({ length: TICKS }, (_, index) => `tick ${index + 1}`).join(' ');

test('a reload and a second browser in the middle of a turn miss nothing and see nothing twice', async ({
  page,
  world,
  browser,
}) => {
  await signIn(page, world.farhand.url);
  await createWorkspace(page, world, { name: 'counting', message: `Count to ${TICKS}.` });
  await expect(page.getByText('tick 5', { exact: false }).first()).toBeVisible();

  const { stdout } = await world.farhand.cli('login-url');
  const other = await (await browser.newContext()).newPage();
  await signIn(other, stdout.trim());
  await other.getByRole('link', { name: /counting/ }).click();
  await page.reload();

  for (const view of [page, other]) {
    await expect(view.getByText(`I counted to ${TICKS}.`)).toBeVisible();
    await view.locator('[data-tool="bash"] > button').click();
    await expectCountedOnce(view);
  }
});

test('a turn goes on after the server was killed in the middle of a command', async ({ page, world }) => {
  await signIn(page, world.farhand.url);
  await createWorkspace(page, world, { name: 'counting', message: `Count to ${TICKS}.` });
  await expect(page.getByText('tick 5', { exact: false }).first()).toBeVisible();

  await world.farhand.kill();
  await expect(page.getByRole('button', { name: /retry now/i })).toBeVisible();
  await world.farhand.start();

  await expect(page.getByText(`I counted to ${TICKS}.`)).toBeVisible({ timeout: 60_000 });
  await page.locator('[data-tool="bash"] > button').click();
  await expectCountedOnce(page);
  expect(world.model.requests.filter(({ lastUserText }) => lastUserText.includes('Count to'))).toHaveLength(
    2,
  );
});

async function expectCountedOnce(view: Parameters<typeof transcriptText>[0]): Promise<void> {
  const text = await transcriptText(view);
  expect(text).toContain(allTicks);
  expect(text.match(/tick 7 /g)).toHaveLength(1);
  expect(text.match(/I counted to/g)).toHaveLength(1);
}
