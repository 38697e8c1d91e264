import type { HostId } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import { describe, expect, it } from 'vitest';
import { reachText, scopesText, usedText } from './token-text.ts';

describe('what is said of a token', () => {
  it('names its scopes, and says of admin that it holds all', () => {
    expect(scopesText({ scopes: ['read', 'run'] })).toBe('May read, run');
    expect(scopesText({ scopes: ['read', 'admin'] })).toBe('May do everything but make tokens');
  });

  it('says how far it reaches', () => {
    expect(reachText({ hosts: null, projects: null })).toBe('everywhere');
    expect(reachText({ hosts: ['prod', 'lab'] as HostId[], projects: null })).toBe('only on prod, lab');
    expect(reachText({ hosts: ['lab'] as HostId[], projects: [newId('project')] })).toBe(
      'only on lab, in one project',
    );
  });

  it('says when and from where it was used', () => {
    expect(usedText({ lastUsedAt: null, lastUsedFrom: null, expiresAt: null })).toBe(
      'Never used. Does not expire.',
    );
    const at = '2026-11-21T10:00:00.000Z';
    const text = usedText({ lastUsedAt: at, lastUsedFrom: '10.0.0.1', expiresAt: at });
    expect(text).toMatch(/^Last used .*2026.* from 10\.0\.0\.1\. Expires .*2026/);
  });
});
