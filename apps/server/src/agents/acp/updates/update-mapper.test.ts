import type { SessionUpdate } from '@agentclientprotocol/sdk';
import { newId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { createRandom } from '@farhand/shared/testing/random';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { terminalId } from '../services/terminal-id.ts';
import { TestSession } from './testing/test-session.ts';
import { throughSdk } from './testing/through-sdk.ts';
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

const apply = async (...updates: SessionUpdate[]) => {
  for (const update of await throughSdk(updates)) mapper.apply(update);
};
const say = (text: string, messageId?: string): SessionUpdate => ({
  sessionUpdate: 'agent_message_chunk',
  content: { type: 'text', text },
  ...(messageId === undefined ? {} : { messageId }),
});
const think = (text: string): SessionUpdate => ({
  sessionUpdate: 'agent_thought_chunk',
  content: { type: 'text', text },
});
const ofKind = <Kind extends TranscriptItem['kind']>(kind: Kind) =>
  test.items.filter((item): item is Extract<TranscriptItem, { kind: Kind }> => item.kind === kind);

describe('messages and thoughts', () => {
  it('grow while they go on and are done when something else follows', async () => {
    await apply(think('Let me '), think('see.'), say('I '), say('see.'));
    expect(test.texts).toEqual(['reasoning: Let me see.', 'text…: I see.']);
    await apply({ sessionUpdate: 'tool_call', toolCallId: 'a', title: 'Read' }, say('Done.'));
    expect(test.texts.slice(1)).toEqual(['text: I see.', 'text…: Done.']);
    mapper.endTurn('done');
    expect(test.texts.at(-1)).toBe('text: Done.');
  });

  it('are not cut by news of a call that is shown already', async () => {
    await apply({ sessionUpdate: 'tool_call', toolCallId: 'a', title: 'Read' }, say('one '));
    await apply({ sessionUpdate: 'tool_call_update', toolCallId: 'a', status: 'completed' }, say('two'));
    expect(test.texts).toEqual(['text…: one two']);
  });

  it('begin anew with another message id', async () => {
    await apply(say('a', '1'), say('b', '1'), say('c', '2'));
    expect(test.texts).toEqual(['text: ab', 'text…: c']);
  });

  it('hide a secret that comes in pieces', async () => {
    test.secrets = { TOKEN: 'sesame-open-now' };
    await apply(say('it is sesame'), say('-open'), say('-now, then'));
    expect(test.texts).toEqual(['text…: it is [secret TOKEN], then']);
  });

  it('go on after a restart without doubling what was there', async () => {
    await apply(say('one '));
    mapper = createUpdateMapper(test.session, { turnId: () => test.turnId });
    await apply(say('two'));
    mapper.endTurn('done');
    expect(test.texts).toEqual(['text: one two']);
  });

  it('hold at most 1 MiB', async () => {
    const mebibyte = 'x'.repeat(1024 * 1024);
    for (const text of [mebibyte, mebibyte, 'y']) mapper.apply(say(text));
    mapper.endTurn('done');
    expect(test.texts[0]?.length).toBeLessThan(mebibyte.length + 200);
    expect(test.texts[0]).toMatch(/left out: it is longer than 1 MiB …\]$/);
  });

  it('show links and embedded files as Markdown that cannot escape', async () => {
    const block = (content: Extract<SessionUpdate, { sessionUpdate: 'agent_message_chunk' }>['content']) =>
      apply({ sessionUpdate: 'agent_message_chunk', content });
    await block({ type: 'resource_link', uri: `file://${test.directory}/src/a.ts`, name: 'a.ts' });
    await block({ type: 'resource_link', uri: 'https://example.org/x', name: 'an](javascript:x)' });
    await block({ type: 'resource_link', uri: 'javascript:alert(1)', name: 'x' });
    await block({ type: 'resource', resource: { uri: 'file:///etc/x', text: '```\nfence' } });
    expect(test.texts[0]).toBe(
      'text…: `src/a.ts`[an\\](javascript:x)](<https://example.org/x>)`javascript:alert(1)`\n\n`/etc/x`\n\n````\n```\nfence\n````\n\n',
    );
  });

  it('show pictures of the types that a page takes, and say so of others', async () => {
    const image = (mimeType: string): SessionUpdate => ({
      sessionUpdate: 'agent_message_chunk',
      content: { type: 'image', mimeType, data: 'AAAA' },
    });
    await apply(image('image/png'), image('image/svg+xml'));
    expect(test.calls.map(({ view }) => view)).toEqual([
      { kind: 'image', path: '', url: 'data:image/png;base64,AAAA' },
    ]);
    expect(test.texts).toEqual(['text…: \n\n(A picture of type image/svg+xml that cannot be shown.)\n\n']);
  });

  it('ignore the echo of the prompt, and show a conversation that is played back', async () => {
    const echo = (text: string): SessionUpdate => ({
      sessionUpdate: 'user_message_chunk',
      content: { type: 'text', text },
    });
    await apply(echo('hello'));
    expect(ofKind('user_message').map(({ text }) => text)).toEqual(['hello']);
    test.turnId = newId('turn');
    await apply(echo('an '), echo('old one'), say('answer'), echo('next'));
    expect(ofKind('user_message').map(({ text }) => text)).toEqual(['hello', 'an old one', 'next']);
  });

  it('ignore what no version of the protocol knows', () => {
    const strange = [
      { sessionUpdate: 'dance' },
      { sessionUpdate: 'agent_message_chunk', content: { type: 'smell' } },
      { sessionUpdate: 'agent_message_chunk' },
      { sessionUpdate: 'tool_call' },
      { sessionUpdate: 'plan', entries: 'none' },
      { sessionUpdate: 'usage_update', used: 'much' },
      { sessionUpdate: 'config_option_update' },
    ];
    const before = test.items;
    for (const update of strange) mapper.apply(update as unknown as SessionUpdate);
    expect(test.items).toEqual(before);
  });
});

describe('a plan', () => {
  const plan = (...contents: string[]): SessionUpdate => ({
    sessionUpdate: 'plan',
    entries: contents.map((content, at) => ({
      content,
      priority: 'medium',
      status: at === 0 ? 'completed' : 'pending',
    })),
  });

  it('is one item a turn, replaced', async () => {
    await apply(plan('a'), plan('a', 'b'));
    expect(ofKind('plan').map(({ entries }) => entries)).toEqual([
      [
        { text: 'a', state: 'done' },
        { text: 'b', state: 'open' },
      ],
    ]);
    mapper = createUpdateMapper(test.session, { turnId: () => test.turnId });
    await apply(plan('c'));
    expect(ofKind('plan')).toHaveLength(1);
    test.beginTurn();
    await apply(plan('d'));
    expect(ofKind('plan')).toHaveLength(2);
  });
});

describe('news of the session', () => {
  it('change title, context, cost and controls', async () => {
    await apply(
      { sessionUpdate: 'session_info_update', title: ' A\nname ' },
      { sessionUpdate: 'usage_update', used: 10, size: 100, cost: { amount: 0.5, currency: 'USD' } },
      { sessionUpdate: 'usage_update', used: 11, size: 100, cost: { amount: 9, currency: 'EUR' } },
      {
        sessionUpdate: 'available_commands_update',
        availableCommands: [{ name: 'web', description: 'd', input: { hint: 'what' } }],
      },
      { sessionUpdate: 'current_mode_update', currentModeId: 'plan' },
    );
    expect(test.said).toEqual([
      { title: 'A name' },
      { context: { used: 10, limit: 100 }, costUsd: 0.5 },
      { context: { used: 11, limit: 100 } },
    ]);
    expect(test.session.controls.get()).toMatchObject({
      mode: 'plan',
      commands: [{ name: 'web', description: 'd', hint: 'what' }],
    });
  });

  it('are notices where the agent tells the person something', async () => {
    await apply(
      { sessionUpdate: 'notice', severity: 'warning', title: 'Slow', description: 'Very.' },
      { sessionUpdate: 'compaction_update', compactionId: 'c', status: 'in_progress' },
      { sessionUpdate: 'compaction_update', compactionId: 'c', status: 'completed' },
    );
    expect(ofKind('notice').map(({ level, text }) => [level, text])).toEqual([
      ['warning', 'Slow\nVery.'],
      ['info', 'The agent shortened what it remembers of this conversation.'],
    ]);
  });
});

describe('a tool call', () => {
  const call = (): SessionUpdate[] => [
    { sessionUpdate: 'tool_call', toolCallId: 'c', title: 'Edit a.ts', kind: 'edit', status: 'pending' },
    { sessionUpdate: 'tool_call_update', toolCallId: 'c', status: 'in_progress' },
    {
      sessionUpdate: 'tool_call_update',
      toolCallId: 'c',
      locations: [{ path: `${test.directory}/a.ts`, line: 2 }, { path: '/etc/hosts' }],
    },
    { sessionUpdate: 'tool_call_update', toolCallId: 'c', rawInput: { path: 'a.ts', deep: [1, 'x'] } },
    {
      sessionUpdate: 'tool_call_update',
      toolCallId: 'c',
      content: [
        { type: 'diff', path: `${test.directory}/a.ts`, oldText: 'one\n', newText: 'two\n' },
        { type: 'content', content: { type: 'text', text: 'Edited.' } },
      ],
    },
    { sessionUpdate: 'tool_call_update', toolCallId: 'c', status: 'completed', rawOutput: { ok: true } },
  ];
  const shown = () =>
    test.calls.map(({ startedAt, endedAt, ...item }) => {
      const { id, at, turnId, ...rest } = item;
      expect([id, at, turnId]).toEqual(Array.from({ length: 3 }, () => expect.any(String)));
      return { ...rest, times: [startedAt !== null, endedAt !== null] };
    });

  it('is the same item whatever the order in which its news come', async () => {
    const updates = await throughSdk(call());
    for (const update of updates) mapper.apply(update);
    const [expected] = shown();
    expect(expected).toMatchObject({
      title: 'Edit a.ts',
      toolKind: 'edit',
      state: 'done',
      locations: [
        { path: 'a.ts', line: 2 },
        { path: '/etc/hosts', line: null },
      ],
      input: { path: 'a.ts', deep: [1, 'x'] },
      result: 'Edited.',
      times: [true, true],
    });
    expect(expected?.view).toMatchObject({
      kind: 'several',
      views: [{ kind: 'diff', path: 'a.ts' }, { kind: 'markdown' }],
    });
    for (let seed = 1; seed <= 60; seed += 1) {
      test.beginTurn();
      const callId = `c${seed}`;
      for (const update of createRandom(seed).shuffled(updates))
        mapper.apply({ ...update, toolCallId: callId } as SessionUpdate);
      expect(shown().at(-1), `seed ${seed}`).toEqual({ ...expected, callId });
    }
  });

  it('goes on after a restart, what is not told anew stays', async () => {
    await apply(...call().slice(0, 4));
    mapper = createUpdateMapper(test.session, { turnId: () => test.turnId });
    await apply(...call().slice(4));
    expect(shown()).toMatchObject([
      { title: 'Edit a.ts', toolKind: 'edit', state: 'done', input: { path: 'a.ts' }, result: 'Edited.' },
    ]);
    expect(shown()[0]?.locations).toHaveLength(2);
  });

  it('that is open when its turn ends is closed, and may be done after all', async () => {
    await apply(...call().slice(0, 2));
    mapper.endTurn('stopped');
    expect(shown()).toMatchObject([{ state: 'stopped', times: [true, true] }]);
    await apply({ sessionUpdate: 'tool_call_update', toolCallId: 'c', status: 'failed' });
    expect(shown()).toMatchObject([{ state: 'stopped' }]);
    await apply({ sessionUpdate: 'tool_call_update', toolCallId: 'c', status: 'completed' });
    expect(shown()).toMatchObject([{ state: 'done' }]);
  });

  it('of a new turn is another one although the agent counts anew', async () => {
    await apply(...call());
    test.beginTurn();
    await apply({ sessionUpdate: 'tool_call', toolCallId: 'c', title: 'Another' });
    expect(test.calls.map(({ title }) => title)).toEqual(['Edit a.ts', 'Another']);
  });

  it('shows the command, its output and its exit', async () => {
    await apply({
      sessionUpdate: 'tool_call',
      toolCallId: 'x',
      title: 'npm test',
      kind: 'execute',
      rawInput: { command: ['npm', 'run', 'a b'] },
      content: [{ type: 'content', content: { type: 'text', text: '```console\nok\n```' } }],
    });
    expect(test.calls).toMatchObject([{ view: { kind: 'command', command: "npm run 'a b'" }, output: 'ok' }]);
    await apply(
      { sessionUpdate: 'tool_call', toolCallId: 'y', title: 'own', kind: 'execute' },
      {
        sessionUpdate: 'tool_call_update',
        toolCallId: 'y',
        _meta: { terminal_output: { terminal_id: 'y', data: 'a' } },
      },
      {
        sessionUpdate: 'tool_call_update',
        toolCallId: 'y',
        _meta: { terminal_output: { terminal_id: 'y', data: 'b' } },
      },
      {
        sessionUpdate: 'tool_call_update',
        toolCallId: 'y',
        _meta: { terminal_exit: { terminal_id: 'y', exit_code: 3, signal: null } },
      },
    );
    expect(test.calls[1]).toMatchObject({ output: 'ab', exit: { kind: 'exited', code: 3 } });
  });

  it('shows at its end what the command gave back, where nothing else told its output', async () => {
    await apply({
      sessionUpdate: 'tool_call',
      toolCallId: 'x',
      title: 'ls',
      kind: 'execute',
      status: 'failed',
      rawOutput: { exit_code: 3, formatted_output: 'no such file' },
    });
    expect(test.calls).toMatchObject([{ output: 'no such file', result: 'no such file' }]);
  });

  it('keeps the change that it showed when only words take its place', async () => {
    const content = (text: string) => ({
      type: 'content' as const,
      content: { type: 'text' as const, text },
    });
    const path = `${test.directory}/a.txt`;
    await apply(
      {
        sessionUpdate: 'tool_call',
        toolCallId: 'x',
        title: 'write',
        kind: 'edit',
        locations: [{ path }],
        content: [{ type: 'diff', path, oldText: null, newText: 'new\n' }],
      },
      {
        sessionUpdate: 'tool_call_update',
        toolCallId: 'x',
        status: 'in_progress',
        content: [content('Writing …')],
      },
      {
        sessionUpdate: 'tool_call_update',
        toolCallId: 'x',
        status: 'completed',
        content: [content('Wrote.')],
      },
    );
    const views = [
      { kind: 'diff', path: 'a.txt', patch: expect.stringContaining('+new') },
      { kind: 'markdown', text: 'Wrote.' },
    ];
    expect(test.calls).toMatchObject([{ view: { kind: 'several', views }, result: 'Wrote.' }]);
  });

  it('shows a change once, not again as what it gave back', async () => {
    const path = `${test.directory}/a.txt`;
    await apply({
      sessionUpdate: 'tool_call',
      toolCallId: 'x',
      title: 'Edit',
      kind: 'edit',
      status: 'completed',
      content: [{ type: 'diff', path, oldText: 'a', newText: 'b' }],
      rawOutput: { fileDiff: 'Index: a.txt', fileName: 'a.txt' },
    });
    expect(test.calls).toMatchObject([{ view: { kind: 'diff' }, result: null }]);
  });

  it('says which file, whatever its agent makes of the path', async () => {
    const path = `${test.directory}/src/a.ts`;
    const titles = ['edit', 'Edit files', `Edit ${path}`, path.slice(1), 'Read a.ts and b.ts'];
    for (const [at, title] of titles.entries())
      await apply({
        sessionUpdate: 'tool_call',
        toolCallId: String(at),
        title,
        kind: 'edit',
        locations: [{ path }],
      });
    const shown = ['edit src/a.ts', 'Edit src/a.ts', 'Edit src/a.ts', 'src/a.ts', 'Read a.ts and b.ts'];
    expect(test.calls.map(({ title }) => title)).toEqual(shown);
  });

  it('can begin with its output', async () => {
    const data = 'first';
    await apply({
      sessionUpdate: 'tool_call_update',
      toolCallId: 'z',
      _meta: { terminal_output: { terminal_id: 'z', data } },
    });
    expect(test.calls).toMatchObject([{ output: 'first', state: 'pending' }]);
  });

  it('shows a terminal live and how it ended, after a restart once', async () => {
    const jobId = terminalId(test.session.sessionId, null, null);
    const { jobs } = test.runtime;
    await jobs.start({
      id: jobId,
      command: { script: 'echo begun; read x; echo "$x"; exit 4' },
      cwd: test.directory,
      input: true,
    });
    await apply({
      sessionUpdate: 'tool_call',
      toolCallId: 't',
      title: 'x',
      kind: 'execute',
      content: [{ type: 'terminal', terminalId: jobId }],
    });
    await expect.poll(() => test.calls[0]?.output).toBe('begun\n');
    mapper.close();
    mapper = createUpdateMapper(test.session, { turnId: () => test.turnId });
    await jobs.write(jobId, 0, new TextEncoder().encode('typed\n'));
    await expect.poll(() => test.calls[0]?.exit).toEqual({ kind: 'exited', code: 4 });
    expect(test.calls[0]).toMatchObject({ jobId, output: 'begun\ntyped\n' });
  });

  it('is bounded and hides secrets', async () => {
    test.secrets = { TOKEN: 'sesame-open-now' };
    const long = `sesame-open-now${'x'.repeat(600 * 1024)}`;
    const contents = ['/a', '/b'].map((path) => ({
      type: 'diff' as const,
      path,
      oldText: null,
      newText: long,
    }));
    const text = { type: 'content' as const, content: { type: 'text' as const, text: long } };
    mapper.apply({
      sessionUpdate: 'tool_call',
      toolCallId: 'big',
      title: long,
      rawInput: { long, deep: Array(10_000).fill(long.slice(0, 100)) },
      rawOutput: long,
      content: [...contents, ...Array.from({ length: 30 }, () => text)],
      status: 'completed',
    });
    const json = JSON.stringify(test.calls[0]);
    expect(json.length).toBeLessThan(700 * 1024);
    expect(json).not.toContain('sesame');
    expect(json).toContain('too large to show');
  });
});
