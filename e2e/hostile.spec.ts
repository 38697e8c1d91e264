import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESCAPES } from './support/escapes.ts';
import { createWorkspace, signIn } from './support/page.ts';
import { expect, test } from './support/world.ts';

test('whatever a host prints, the terminal shows it and nothing else happens', async ({
  page,
  world,
  context,
}) => {
  await page.addInitScript(() => localStorage.setItem('farhand.readable-terminals', 'on'));
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], {
    origin: world.farhand.url.replace(/\/login.*/, ''),
  });
  const opened: string[] = [];
  context.on('page', (other) => opened.push(other.url()));
  page.on('dialog', (dialog) => {
    opened.push(dialog.message());
    void dialog.dismiss();
  });
  await signIn(page, world.farhand.url);
  await createWorkspace(page, world, { name: 'evil' });
  await expect(page.getByRole('heading', { name: 'What should the agent do?' })).toBeVisible();
  await page.keyboard.press('Control+j');
  const terminal = page.getByRole('textbox', { name: /terminal/i });
  await expect(terminal).toBeAttached();
  await page.evaluate(() => navigator.clipboard.writeText('mine'));
  await terminal.focus();
  await expect(page.locator('.xterm-accessibility')).toContainText(/[#$] /);

  const attack = join(world.sshd.home, 'attack');
  const came = join(world.sshd.home, 'came');
  for (const [index, escape] of ESCAPES.entries()) writeFileSync(`${attack}.${index}`, escape);
  // What the terminal answers arrives as keys: it is kept, and the shell never sees it.
  // The answer to its last question (DSR) says that the page has taken everything before it.
  const script = `stty raw -echo
for n in $(seq 0 ${ESCAPES.length - 1}); do cat ${attack}.$n; done
printf '\\033[5n'
perl -e '$| = 1; while (sysread(STDIN, $b, 1)) { print $b; $s .= $b; last if $s =~ /\\e\\[0n$/ }' >${came}
stty sane; printf '\\033c'; echo still-$((6*7))`;
  writeFileSync(join(world.sshd.home, 'run'), script);
  await page.keyboard.type(`sh ${join(world.sshd.home, 'run')}\n`);
  await expect(page.locator('.xterm-accessibility')).toContainText('still-42', { timeout: 30_000 });

  const answers = readFileSync(came, 'latin1');
  expect(answers).not.toMatch(/EVIL|RVZJTA|4556494c|rm -rf|mine|bWluZQ/);
  expect(answers).not.toMatch(/[\n\r]/);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('mine');
  expect(opened).toEqual([]);
  expect(await page.title()).not.toContain('\n');
  expect(await page.locator('a[href^="javascript:"], a[href^="data:"]').count()).toBe(0);
  // The page and the terminal are alive.
  await page.keyboard.type('echo alive-$((40+2))\n');
  await expect(page.locator('.xterm-accessibility')).toContainText('alive-42');
});
