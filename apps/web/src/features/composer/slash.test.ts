import { describe, expect, it } from 'vitest';
import { completeSlash, matchingCommands, slashAt } from './slash.ts';

const command = (name: string, description = '') => ({ name, description, hint: null });

describe('slashAt', () => {
  it('is what follows a slash at the very beginning', () => {
    expect(slashAt('/', 1)).toBe('');
    expect(slashAt('/rev', 4)).toBe('rev');
    expect(slashAt('/review now', 3)).toBe('re');
  });

  it('is none elsewhere, and none once the command is written', () => {
    expect(slashAt('see /tmp', 8)).toBeNull();
    expect(slashAt('/review ', 8)).toBeNull();
    expect(slashAt('', 0)).toBeNull();
  });
});

describe('matchingCommands', () => {
  const commands = [
    command('init'),
    command('security-review', 'Looks for holes'),
    command('review', 'Reads the changes'),
    command('compact'),
  ];

  it('offers all in their order for an empty query', () => {
    expect(matchingCommands(commands, '')).toEqual(commands);
  });

  it('puts a beginning before a part, and letters in order behind', () => {
    const names = (query: string) => matchingCommands(commands, query).map(({ name }) => name);
    expect(names('rev')).toEqual(['review', 'security-review']);
    expect(names('cpt')).toEqual(['compact']);
    expect(names('holes')).toEqual(['security-review']);
    expect(names('zz')).toEqual([]);
  });
});

describe('completeSlash', () => {
  it('writes the command and leaves what follows', () => {
    expect(completeSlash('/rev', 'rev', 'review')).toEqual({ text: '/review ', caret: 8 });
    expect(completeSlash('/rev the tests', 'rev', 'review')).toEqual({ text: '/review the tests', caret: 8 });
  });
});
