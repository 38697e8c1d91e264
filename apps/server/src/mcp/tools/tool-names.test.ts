import { describe, expect, it } from 'vitest';
import { toolName } from './tool-names.ts';

const nothing: ReadonlySet<string> = new Set();

describe('the name of a tool', () => {
  it('says its server and the name there', () => {
    expect(toolName('git', 'log', nothing)).toBe('mcp__git__log');
    expect(toolName('git', '_log', nothing)).toBe('mcp__git___log');
    expect(toolName('my_git', 'log', nothing)).toBe('mcp__my_git__log');
  });

  it('is never one that a tool of another server can have', () => {
    const pairs = [
      ['a', 'b__c'],
      ['a__b', 'c'],
      ['a', '_b'],
      ['a_', 'b'],
      ['a_b', 'c'],
      ['a___b', 'c'],
    ] as const;
    const names = pairs.map(([server, tool]) => toolName(server, tool, nothing));
    expect(new Set(names).size).toBe(pairs.length);
    // The first `__` after `mcp__` ends the server's part: nothing that a server calls its tool reaches into it.
    const parts = names.map((name) => name.slice('mcp__'.length).split('__')[0]);
    expect(parts[0]).toBe('a');
    expect(new Set(parts.filter((part) => part !== 'a')).size).toBe(4);
    expect(parts.filter((part) => part === 'a')).toHaveLength(2);
  });

  it('stays short and keeps its server’s part whole', () => {
    const name = toolName(`${'s'.repeat(29)}__x`, 't'.repeat(200), nothing);
    expect(name).toHaveLength(64);
    expect(name).toMatch(/^mcp__s{29}_x-[0-9a-f]{6}__t+_[0-9a-f]{6}$/);
  });
});
