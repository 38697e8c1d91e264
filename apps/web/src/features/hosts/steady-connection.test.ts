import { describe, expect, it } from 'vitest';
import { steadyConnection } from './steady-connection.ts';

const retrying = {
  state: 'retrying',
  attempt: 2,
  nextAt: '2026-01-01T00:00:00.000Z',
  code: 'host.unreachable',
  message: 'The host does not answer.',
} as const;

describe('steadyConnection', () => {
  it('shows an attempt among retries as a retry whose time has come', () => {
    expect(steadyConnection(retrying, { state: 'connecting' })).toEqual({
      ...retrying,
      nextAt: '1970-01-01T00:00:00.000Z',
    });
  });

  it('shows everything else as it is', () => {
    expect(steadyConnection({ state: 'idle' }, { state: 'connecting' })).toEqual({ state: 'connecting' });
    expect(steadyConnection(retrying, { state: 'connected', latencyMs: 3 }).state).toBe('connected');
  });
});
