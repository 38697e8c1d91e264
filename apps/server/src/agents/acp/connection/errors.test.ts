import { RequestError } from '@agentclientprotocol/sdk';
import type { Exit } from '@farhand/shared/model/terminals';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../secrets/redactor.ts';
import { agentError, endedError, lastLines } from './errors.ts';

const redactor = createRedactor({ KEY: 'canary-5521' });

describe('what agents answer when they cannot', () => {
  it.each([
    [new RequestError(-32_000, 'Authentication required'), 'agent.login_needed', 'not signed in'],
    [
      new RequestError(-32_603, 'Internal error', { details: 'You have run out of credits.' }),
      'agent.failed',
      'Internal error: You have run out of credits.',
    ],
    [
      new RequestError(-32_603, 'Internal error', { message: 'usage limit reached', codexErrorInfo: null }),
      'agent.failed',
      'Internal error: usage limit reached',
    ],
    [new RequestError(429, 'Rate limit for canary-5521'), 'agent.failed', 'Rate limit for [secret KEY]'],
    [new RequestError(-32_603, '\u001b[31mbad\u001b[0m\u0000', 'why'), 'agent.failed', 'bad: why'],
    [new TypeError('ours'), 'internal.unexpected', ''],
  ])('%s', (thrown, code, words) => {
    const error = agentError(thrown, redactor);
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
  });

  it('is cut where it is long', () => {
    expect(agentError(new RequestError(1, 'x'.repeat(5000)), redactor).message.length).toBeLessThan(700);
  });
});

describe('how an agent ended', () => {
  it.each<[Exit, string]>([
    [{ kind: 'exited', code: 127 }, 'with status 127'],
    [{ kind: 'signaled', signal: 'SIGKILL' }, 'by SIGKILL'],
    [{ kind: 'lost' }, 'nobody saw how'],
    [{ kind: 'rebooted' }, 'host was started anew'],
  ])('%j', (exit, words) => {
    expect(endedError(exit, '', true)).toMatchObject({ code: 'agent.start_failed' });
    expect(endedError(exit, 'oh', false)).toMatchObject({ code: 'agent.died', details: { said: 'oh' } });
    expect(endedError(exit, '', false).message).toContain(words);
  });

  it('is told with its last lines alone', () => {
    const tail = `${'early\n'.repeat(20)}\n\u001b[1mlast canary-5521\u001b[0m\n\n`;
    expect(lastLines(tail, redactor).split('\n').at(-1)).toBe('last [secret KEY]');
    expect(lastLines(tail, redactor).split('\n')).toHaveLength(8);
    expect(lastLines('  \n', redactor)).toBe('');
  });
});
