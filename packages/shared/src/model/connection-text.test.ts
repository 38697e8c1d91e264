import { describe, expect, it } from 'vitest';
import { connectionText, latencyText } from './connection-text.ts';
import type { ConnectionState } from './hosts.ts';

const now = Date.parse('2026-01-01T00:00:00.000Z');
const retrying = (nextAt: string): ConnectionState => ({
  state: 'retrying',
  attempt: 3,
  nextAt,
  code: 'host.unreachable',
  message: 'The host does not answer.',
});

describe('connectionText', () => {
  it('says when the next try comes, and when it is there', () => {
    expect(connectionText(retrying('2026-01-01T00:00:03.200Z'), now)).toBe(
      'no contact, attempt 3, next try in 4 s',
    );
    expect(connectionText(retrying('2025-12-31T23:59:59.000Z'), now)).toBe(
      'no contact, attempt 3, trying again now',
    );
  });

  it('gives the round trip as finely as it matters', () => {
    expect(connectionText({ state: 'connected', latencyMs: 12.4 }, now)).toBe('connected, 12 ms');
    expect([0.04, 0.31, 120.6].map(latencyText)).toEqual(['<0.1 ms', '0.3 ms', '121 ms']);
  });
});
