import { APICallError } from 'ai';
import { describe, expect, it } from 'vitest';
import { readModelError, readRetryAfter } from './errors.ts';

const api = (statusCode: number | undefined, message: string, body = '') =>
  new APICallError({
    message,
    url: 'http://x',
    requestBodyValues: {},
    responseBody: body,
    ...(statusCode ? { statusCode } : {}),
  });

describe('readModelError', () => {
  it.each([
    [api(401, 'invalid x-api-key'), 'model.key_rejected', 1],
    [api(403, 'Forbidden'), 'model.key_rejected', 1],
    [api(404, 'model: claude-9'), 'model.refused', 1],
    [api(400, "This model's maximum context length is 128000 tokens."), 'model.context_full', 1],
    [api(400, 'prompt is too long: 204858 tokens > 200000 maximum'), 'model.context_full', 1],
    [
      api(400, 'The input token count (1100000) exceeds the maximum number of tokens allowed'),
      'model.context_full',
      1,
    ],
    [api(400, 'Your credit balance is too low to access the Anthropic API.'), 'model.no_credit', 1],
    [api(402, 'Payment required'), 'model.no_credit', 1],
    [api(429, 'Rate limit reached for gpt-5'), 'model.rate_limited', 10],
    [
      api(429, 'You exceeded your current quota', '{"error":{"code":"insufficient_quota"}}'),
      'model.no_credit',
      1,
    ],
    [api(500, 'Internal server error'), 'model.overloaded', 10],
    [api(503, 'The model is overloaded. Please try again later.'), 'model.overloaded', 10],
    [api(529, 'Overloaded'), 'model.overloaded', 10],
    [api(undefined, 'Cannot connect to API: connect ECONNREFUSED 127.0.0.1:1'), 'model.unreachable', 5],
    [{ type: 'overloaded_error', message: 'Overloaded' }, 'model.overloaded', 10],
    [new TypeError('terminated', { cause: new Error('other side closed') }), 'model.stalled', 10],
    [
      new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND api.example') }),
      'model.unreachable',
      5,
    ],
    ['Something odd', 'model.failed', 3],
  ])('reads %s', (thrown, code, attempts) => {
    const failure = readModelError(thrown, 'p/m');
    expect([failure.error.code, failure.maxAttempts]).toEqual([code, attempts]);
    expect(failure.error.message).toContain('p/m');
  });

  it('keeps a provider’s text to one bounded line', () => {
    const { message } = readModelError(api(400, `bad\u0000\n${'x'.repeat(5000)}`), 'p/m').error;
    expect(message).toMatch(/^[^\p{Cc}]{1,600}$/u);
  });
});

describe('readRetryAfter', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, 30_000],
    [{ 'retry-after-ms': '120', 'retry-after': '1' }, 120],
    [{ 'retry-after': 'soon' }, null],
    [{}, null],
  ])('reads %o', (headers, expected) => {
    expect(readRetryAfter(headers as Record<string, string>, now)).toBe(expected);
  });
});
