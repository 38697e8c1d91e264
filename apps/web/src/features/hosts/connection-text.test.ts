import type { HostId } from '@farhand/shared/model/hosts';
import { describe, expect, it } from 'vitest';
import { hostName, shortConnectionText } from './connection-text.ts';

describe('shortConnectionText', () => {
  it('leaves out what was not measured', () => {
    expect(shortConnectionText({ state: 'connected', latencyMs: null }, 0)).toBe('');
    expect(shortConnectionText({ state: 'connected', latencyMs: 12.4 }, 0)).toBe('12 ms');
  });
});

describe('hostName', () => {
  it('is what a person typed, without what only programs need', () => {
    expect(hostName('ssh://ada@gpu:2222' as HostId)).toBe('ada@gpu:2222');
    expect(hostName('local' as HostId)).toBe('this machine');
  });
});
