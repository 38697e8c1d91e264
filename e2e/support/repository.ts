import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "shop", "type": "module", "scripts": { "test": "node --test" } }\n',
  'README.md': '# Shop\n\nA small shop with a cart.\n',
  'AGENTS.md': 'Run the tests with `npm test`. Keep functions pure.\n',
  'src/cart.js': `/** The sum of a cart's lines in cents, with the discount in percent taken off. */
export function total(lines, discount = 0) {
  const sum = lines.reduce((cents, line) => cents + line.price * line.count, 0);
  return sum - discount;
}
`,
  'test/cart.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { total } from '../src/cart.js';

test('adds up the lines', () => {
  assert.equal(total([{ price: 250, count: 2 }, { price: 100, count: 1 }]), 600);
});

test('takes the discount off in percent', () => {
  assert.equal(total([{ price: 1000, count: 1 }], 10), 900);
});
`,
};

/** The line of the cart that is wrong, and what it should be: the second test fails until it is mended. */
export const REPAIR = {
  wrong: '  return sum - discount;',
  right: '  return Math.round(sum * (1 - discount / 100));',
};

/** A real git repository of a small project, one of whose tests fails. Its branches: `main` and `empty-cart`. */
export function makeRepository(folder: string): string {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: folder,
    });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'Open the shop');
  git('branch', 'empty-cart');
  return folder;
}
