import { createWorkspace, signIn } from './support/page.ts';
import { makeWorkspace, signInBeside } from './support/places.ts';
import { expect, test } from './support/world.ts';

test('a transcript that is gone to shows its Markdown as such from the first frame', async ({
  page,
  world,
}) => {
  await signIn(page, world.farhand.url);
  await createWorkspace(page, world, { name: 'reading', message: 'Please repair the discount.' });
  await expect(page.getByText('All tests pass.')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Open in this place' }).click();
  await page.getByRole('menuitem', { name: 'New session' }).click();
  await expect(page.getByText('What should the agent do?')).toBeVisible();

  // A page that has drawn no Markdown yet, but has fetched what draws it.
  await page.reload();
  await expect(page.getByText('What should the agent do?')).toBeVisible();
  await page.waitForLoadState('networkidle');
  const frames = page.evaluate(framesUntilDrawn);
  await page.locator('.pane-tab').first().click();
  expect(await frames).toEqual({ plain: 0 });
});

// More than the server sends in one piece.
const TURNS = 16;
const END = 'A good evening at the end.';

test('a transcript that comes in pieces is shown from its end on', async ({ page, world }) => {
  const client = await signInBeside(world);
  const { id: workspaceId } = await makeWorkspace(client, world, { name: 'pieces' });
  const { session } = await client.call('session.create', { workspaceId });
  const isDone = async () => {
    const { sessions } = await client.call('session.list', {});
    return sessions.find(({ id }) => id === session.id)?.state === 'done';
  };
  for (let turn = 1; turn <= TURNS; turn++) {
    const text = turn === TURNS ? END : `A good evening, ${turn}.`;
    await client.call('session.prompt', { sessionId: session.id, text });
    await expect.poll(isDone).toBe(true);
  }
  // A slow way to the server: each piece is on the screen before the next one comes, if it is shown at all.
  await page.routeWebSocket(/./, (here) => {
    const there = here.connectToServer();
    let last = Promise.resolve();
    there.onMessage((message) => {
      last = last
        .then(() => new Promise((resolve) => setTimeout(resolve, 100)))
        .then(() => here.send(message));
    });
  });
  await signIn(page, world.farhand.url);
  await page.goto(new URL(`?w=${workspaceId}`, page.url()).href);
  const elsewhere = await page.evaluate(framesUntilEnd, END);
  expect(elsewhere).toBe(0);
});

/** Frames with messages on the screen before the one that says this. */
function framesUntilEnd(end: string): Promise<number> {
  return new Promise((resolve) => {
    let elsewhere = 0;
    const look = () => {
      const messages = [...document.querySelectorAll('[aria-label="Transcript"] .user-message')];
      if (messages.some((message) => message.textContent === end)) return resolve(elsewhere);
      if (messages.length > 0) elsewhere += 1;
      requestAnimationFrame(look);
    };
    look();
  });
}

/** Frames with the answer's text on the screen in which its Markdown is not drawn. */
function framesUntilDrawn(): Promise<{ plain: number }> {
  return new Promise((resolve) => {
    let plain = 0;
    const look = () => {
      const shows = (places: string) =>
        [...document.querySelectorAll(places)].some((place) =>
          place.textContent?.includes('All tests pass.'),
        );
      if (shows('[aria-label="Transcript"] .markdown')) return resolve({ plain });
      if (shows('[aria-label="Transcript"]')) plain += 1;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}
