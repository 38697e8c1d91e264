import { agentId } from '@farhand/shared/model/agents';
import { describe, expect, it } from 'vitest';
import { ACP_AGENTS } from './acp-catalogue.ts';
import { TERMINAL_AGENTS } from './terminal-catalogue.ts';

describe('the catalogue', () => {
  const all = [...ACP_AGENTS, ...TERMINAL_AGENTS];

  it('names each agent once, and never as a person’s own command is named', () => {
    const ids = all.map(({ id }) => agentId.parse(id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id.startsWith('custom-') || id === 'builtin')).toEqual([]);
  });

  it('holds only words that a shell takes as they are', () => {
    const words = all.flatMap((one) => [
      ...one.programs,
      ...one.needs,
      ...one.arguments,
      ...(one.older?.arguments ?? []),
      ...(one.version ?? []),
      ...one.installs.map(({ by }) => by),
    ]);
    expect(words.filter((word) => !/^[\w-]+$/.test(word))).toEqual([]);
    // They are shown between single quotes before they are run.
    expect(all.flatMap(({ installs }) => installs).filter(({ command }) => command.includes("'"))).toEqual(
      [],
    );
  });
});
