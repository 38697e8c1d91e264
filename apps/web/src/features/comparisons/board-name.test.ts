import { describe, expect, it } from 'vitest';
import { boardName } from './board-name.ts';

describe('the name of a comparison’s board', () => {
  it.each([
    ['Mend it.', 'Compare: Mend it.'],
    ['  Repair the\n\ndiscount of the cart  ', 'Compare: Repair the discount of'],
    ['a'.repeat(40), `Compare: ${'a'.repeat(24)}`],
  ])('of %j is %j', (prompt, name) => expect(boardName(prompt)).toBe(name));
});
