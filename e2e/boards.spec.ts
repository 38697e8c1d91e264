import type { Locator, Page } from '@playwright/test';
import { signIn } from './support/page.ts';
import { makeWorkspace, signInBeside } from './support/places.ts';
import { expect, test, type World } from './support/world.ts';

const AGENTS = 20;

test('a board of twenty agents keeps each of them usable, and scrolls', async ({ page, world }) => {
  await openBoard(page, world);
  await expect(page.locator('.dv-groupview')).toHaveCount(AGENTS);
  await expect.poll(() => leastPlace(page)).toEqual({ isUsable: true, fitsWindow: true });

  // Out of sight it costs nothing; where it is scrolled to it is drawn.
  await expect(composer(place(page, 1))).toBeInViewport({ ratio: 1 });
  await expect(composer(place(page, AGENTS))).toHaveCount(0);
  await place(page, AGENTS).scrollIntoViewIfNeeded();
  await expect(composer(place(page, AGENTS))).toBeInViewport({ ratio: 1 });

  // One that is maximised is as large as what is seen of the board, and the board is as it was afterwards.
  await place(page, AGENTS).getByRole('button', { name: 'Maximise' }).click();
  await expect.poll(() => scrolls(page)).toBe(false);
  await expect(composer(place(page, AGENTS))).toBeInViewport({ ratio: 1 });
  await place(page, AGENTS).getByRole('button', { name: 'Restore' }).click();
  await expect.poll(() => scrolls(page)).toBe(true);
  await expect.poll(() => leastPlace(page)).toEqual({ isUsable: true, fitsWindow: true });
  await expect(place(page, AGENTS)).toBeInViewport({ ratio: 1 });
});

test('keys go to a place of a board that is out of sight', async ({ page, world }) => {
  await openBoard(page, world);
  await composer(place(page, 1)).click();
  await page.keyboard.press('Alt+[');
  await expect(composer(place(page, AGENTS))).toBeFocused();
  await expect(place(page, AGENTS)).toBeInViewport({ ratio: 1 });
});

const title = (number: number) => `Agent ${String(number).padStart(2, '0')}`;

const place = (page: Page, number: number): Locator =>
  page.locator('.dv-groupview', { has: page.getByText(title(number), { exact: true }) });

const composer = (of: Locator): Locator => of.getByRole('textbox', { name: 'Message to the agent' });

async function openBoard(page: Page, world: World): Promise<void> {
  const client = await signInBeside(world);
  const { id: workspaceId } = await makeWorkspace(client, world, { name: 'work' });
  const added = [];
  for (let number = 1; number <= AGENTS; number++) {
    const { session } = await client.call('session.create', { workspaceId });
    await client.call('session.rename', { sessionId: session.id, title: title(number) });
    added.push({ kind: 'agent', workspaceId, sessionId: session.id });
  }
  const value = JSON.stringify([{ id: 'many', name: 'Many', added }]);
  await client.call('preference.set', { name: 'boards', value });
  await signIn(page, world.farhand.url);
  await page.goto(new URL('?b=many', page.url()).href);
}

/** Whether the least place has room for a composer and a few lines, and whether the board adds nothing to the page. */
function leastPlace(page: Page): Promise<{ isUsable: boolean; fitsWindow: boolean }> {
  return page.evaluate(() => {
    const sizes = [...document.querySelectorAll('.dv-groupview')].map((place) =>
      place.getBoundingClientRect(),
    );
    return {
      isUsable: sizes.every(({ width, height }) => width >= 320 && height >= 280),
      fitsWindow: document.documentElement.scrollHeight <= innerHeight,
    };
  });
}

function scrolls(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const viewport = document.querySelector('.dock-viewport');
    return viewport !== null && viewport.scrollHeight > viewport.clientHeight;
  });
}
