import type { SessionUpdate } from '@agentclientprotocol/sdk';
import { newId } from '@farhand/shared/model/ids';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptInMemory } from '../connection/kept.ts';
import { TestSession } from './testing/test-session.ts';
import { createUpdateMapper, type UpdateMapper } from './update-mapper.ts';

let test: TestSession;
let mapper: UpdateMapper;

beforeEach(() => {
  test = new TestSession();
  test.beginTurn();
  mapper = createUpdateMapper(test.session, { turnId: () => test.turnId });
});
afterEach(async () => {
  mapper.close();
  await test.close();
});

describe('a mapper that is made anew by the next server', () => {
  it('loses and doubles nothing of a text that was held back, wherever it is cut', () => {
    test.secrets = { LONG: 'abcabcabd', SHORT: 'cab' };
    const text = 'x abcabc abcabcabd cabcab abcabcab';
    for (let cut = 1; cut < text.length; cut += 1) {
      const kept = keptInMemory();
      const start = () => createUpdateMapper(test.session, { turnId: () => test.turnId, kept });
      test.beginTurn();
      const say = (words: string) => ({
        sessionUpdate: 'agent_message_chunk' as const,
        content: { type: 'text' as const, text: words },
      });
      start().apply(say(text.slice(0, cut)));
      mapper = start();
      mapper.apply(say(text.slice(cut)));
      mapper.endTurn('done');
      expect(test.texts.at(-1)).toBe(`text: ${test.session.secrets.redactor().text(text)}`);
      expect(kept.kept.held).toEqual([]);
    }
  });

  it('goes on with the output that an agent tells of its own command', () => {
    const own = (data: string): SessionUpdate => ({
      sessionUpdate: 'tool_call_update',
      toolCallId: 'own',
      kind: 'execute',
      status: 'in_progress',
      _meta: { terminal_output: { data } },
    });
    mapper.apply(own('before '));
    mapper = createUpdateMapper(test.session, { turnId: () => test.turnId });
    mapper.apply(own('after'));
    expect(test.calls[0]?.output).toBe('before after');
  });
});

describe('an agent that means harm', () => {
  it('can neither show nor end a job that is not its terminal', () => {
    const terminal = newId('job');
    mapper.apply({
      sessionUpdate: 'tool_call',
      toolCallId: 'c',
      title: 'mine',
      content: [{ type: 'terminal', terminalId: terminal }],
    });
    expect(test.calls[0]?.jobId).toBeNull();
  });

  it('cannot bury what was said in notices', () => {
    for (let count = 0; count < 500; count += 1)
      mapper.apply({
        sessionUpdate: 'notice',
        severity: 'info',
        title: `n${count}`,
      } as unknown as SessionUpdate);
    const notices = test.items.filter(({ kind }) => kind === 'notice');
    expect(notices).toHaveLength(51);
    expect(notices.at(-1)).toMatchObject({ text: expect.stringContaining('more than is shown') });
  });

  it.each([
    { sessionUpdate: 'compaction_update', status: 'constructor' },
    { sessionUpdate: 'constructor' },
    {
      sessionUpdate: 'tool_call',
      toolCallId: '__proto__',
      title: 'x',
      rawInput: JSON.parse('{"__proto__":{"a":1}}'),
    },
    { sessionUpdate: 'tool_call', toolCallId: 'x'.repeat(2000) },
    {
      sessionUpdate: 'tool_call_update',
      toolCallId: 'd',
      rawInput: JSON.parse('['.repeat(5000) + ']'.repeat(5000)),
    },
    { sessionUpdate: 'plan', entries: [null] },
    { sessionUpdate: 'agent_message_chunk', content: null },
    { sessionUpdate: 'usage_update', used: -1, size: 'x' },
  ])('cannot make it throw: $sessionUpdate $status', (update) => {
    expect(() => mapper.apply(update as unknown as SessionUpdate)).not.toThrow();
    expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
  });
});
