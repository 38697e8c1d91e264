import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from '@farhand/shared/model/audit';
import { expect, it } from 'vitest';
import { openHost } from './testing/hosts.ts';
import { placeAt, ran, sandboxesOf } from './testing/sandbox-bench.ts';

it('an agent’s login is shown to that agent, and not to a token that calls itself so', async () => {
  const host = await openHost('this machine');
  try {
    const { home } = await host.runtime.facts();
    mkdirSync(join(home, '.gemini'), { recursive: true });
    const { layer } = sandboxesOf(host.runtime, () => 'workspace');
    const looksAs = async (by: Actor) => {
      const runtime = layer(host.runtime, placeAt(host.workspace), { kind: 'agent', sessionId: null, by });
      const script = '[ -d ~/.gemini ] && echo shown || echo hidden';
      return (await ran(runtime, { script }, { cwd: host.workspace })).out.trim();
    };
    expect(await looksAs({ kind: 'agent', name: 'gemini' })).toBe('shown');
    expect(await looksAs({ kind: 'token', name: 'gemini' })).toBe('hidden');
  } finally {
    await host.close();
  }
}, 60_000);
