import { setImmediate } from 'node:timers/promises';
import {
  agent,
  client,
  type PermissionOption,
  type RequestPermissionRequest,
} from '@agentclientprotocol/sdk';
import { newId } from '@farhand/shared/model/ids';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptInMemory } from '../connection/kept.ts';
import { ALLOWED, TestSession } from '../updates/testing/test-session.ts';
import { createUpdateMapper, type UpdateMapper } from '../updates/update-mapper.ts';
import { readPermission } from './permission-options.ts';
import { createServices, type SessionServices } from './services.ts';

let test: TestSession;
let mapper: UpdateMapper;
let services: SessionServices;
let stopping: AbortController;

beforeEach(() => {
  test = new TestSession();
  test.beginTurn();
  restart();
});
afterEach(() => test.close());

function restart() {
  stopping = new AbortController();
  mapper = createUpdateMapper(test.session, { turnId: () => test.turnId });
  services = createServices(test.session, mapper, {
    turnId: () => test.turnId,
    signal: () => stopping.signal,
  });
}

const OPTIONS: PermissionOption[] = [
  { optionId: 'p-1', name: 'Always', kind: 'allow_always' },
  { optionId: 'p-2', name: 'Yes', kind: 'allow_once' },
  { optionId: 'p-3', name: 'No', kind: 'reject_once' },
];
const permission = (
  toolCall: Partial<RequestPermissionRequest['toolCall']>,
  options = OPTIONS,
): RequestPermissionRequest => ({ sessionId: 's', toolCall: { toolCallId: 'c', ...toolCall }, options });
const selected = (optionId: string) => ({ outcome: { outcome: 'selected', optionId } });
const CANCELLED = { outcome: { outcome: 'cancelled' } };
const DENIED = { kind: 'denied', reason: 'use pnpm' } as const;

describe('a permission', () => {
  it('is asked with the command exactly as it is, and answered for once', async () => {
    const raw = { command: ['npm', 'publish', '--tag', 'a b'], cwd: '/srv' };
    for (const scope of ['once', 'session', 'always'] as const) {
      test.answer = () => ({ kind: 'allowed', scope, command: null });
      const asked = permission({ kind: 'execute', title: 'Publish', rawInput: raw });
      expect(await services.requestPermission(asked, scope)).toEqual(selected('p-2'));
    }
    const [item] = test.calls;
    expect(test.asked[0]).toMatchObject({
      itemId: item?.id,
      title: 'Publish',
      cwd: '/srv',
      effect: 'execute',
      subject: { kind: 'command', command: "npm publish --tag 'a b'" },
      canEdit: false,
    });
    expect(test.calls).toMatchObject([{ state: 'running' }]);
  });

  it('shows what the call itself told before, edits as diffs', async () => {
    const path = `${test.directory}/a.ts`;
    mapper.apply({
      sessionUpdate: 'tool_call',
      toolCallId: 'c',
      title: 'Edit',
      kind: 'edit',
      content: [{ type: 'diff', path, oldText: 'one\n', newText: 'two\n' }],
    });
    await services.requestPermission(permission({}));
    const [asked] = test.asked;
    expect(asked).toMatchObject({
      effect: 'edit',
      paths: [path],
      subject: { kind: 'edit', files: [{ path: 'a.ts' }] },
    });
    restart();
    await services.requestPermission(permission({}));
    expect(test.asked[1]?.subject).toEqual(asked?.subject);
    expect(test.asked[1]?.key).toBe(asked?.key);
  });

  it('has a subject for each kind of call', async () => {
    const subjectOf = async (toolCall: Parameters<typeof permission>[0]) => {
      await services.requestPermission(permission({ toolCallId: newId('item'), title: 't', ...toolCall }));
      return test.asked.at(-1)?.subject;
    };
    const url = 'https://example.org/';
    expect(await subjectOf({ kind: 'fetch', rawInput: { url } })).toEqual({ kind: 'fetch', url });
    expect(await subjectOf({ kind: 'read', locations: [{ path: '/etc/passwd' }] })).toEqual({
      kind: 'read',
      path: '/etc/passwd',
    });
    expect(await subjectOf({ kind: 'execute', title: 'ls -la' })).toEqual({
      kind: 'command',
      command: 'ls -la',
    });
    expect(await subjectOf({ kind: 'switch_mode', rawInput: { plan: '# Do it' } })).toEqual({
      kind: 'plan',
      text: '# Do it',
    });
    expect(await subjectOf({ name: 'mcp__x', rawInput: { a: 1 } })).toEqual({
      kind: 'tool',
      tool: 'mcp__x',
      input: '{\n  "a": 1\n}',
    });
  });

  it('hides secrets in what is shown', async () => {
    test.secrets = { TOKEN: 'sesame-open-now' };
    await services.requestPermission(
      permission({ kind: 'execute', rawInput: { command: 'login sesame-open-now' } }),
    );
    expect(JSON.stringify([test.asked, test.items])).not.toContain('sesame');
  });

  it('about a command does not leave its own words as what the command wrote', async () => {
    const content = [
      { type: 'content' as const, content: { type: 'text' as const, text: 'May I? Yes, No' } },
    ];
    await services.requestPermission(permission({ kind: 'execute', rawInput: { command: 'ls' }, content }));
    mapper.apply({ sessionUpdate: 'tool_call_update', toolCallId: 'c', status: 'completed' });
    expect(test.calls).toMatchObject([{ state: 'done', output: '', result: null }]);
  });

  it('is denied with its reason, which is kept for the next prompt', async () => {
    test.answer = () => DENIED;
    expect(await services.requestPermission(permission({ title: 'x' }))).toEqual({
      ...selected('p-3'),
      _meta: { reason: 'use pnpm' },
    });
    expect(test.calls).toMatchObject([{ state: 'failed' }]);
    expect(services.takeReasons()).toEqual(['use pnpm']);
    expect(services.takeReasons()).toEqual([]);
  });

  it.each([
    ['only lasting ones', ['allow_always', 'reject_always'], '0', '1'],
    ['no way to say no', ['allow_once'], '0', null],
    ['kinds of its own', ['approve_for_session', 'approved', 'decline'], '1', '2'],
    ['a no that sounds like a yes', ["don't allow", 'yes'], '1', '0'],
    ['nothing that is clear', ['blue', 'green'], null, null],
  ])('with %s gets the answer that is meant', async (_, kinds, yes, no) => {
    const options = kinds.map(
      (kind, at) => ({ optionId: String(at), name: '', kind }) as unknown as PermissionOption,
    );
    const answer = (optionId: string | null) => (optionId === null ? CANCELLED : selected(optionId));
    expect(await services.requestPermission(permission({ title: 'x' }, options))).toEqual(answer(yes));
    test.answer = () => ({ kind: 'denied', reason: null });
    expect(await services.requestPermission(permission({ title: 'x' }, options))).toEqual(answer(no));
  });

  it('with an option of an unknown kind comes through the SDK', async () => {
    const receiver = client().onRequest('session/request_permission', readPermission, ({ params }) =>
      services.requestPermission(params),
    );
    const connection = agent().connect(receiver);
    const kind = 'reject_with_feedback' as PermissionOption['kind'];
    const params = permission({ title: 'x' }, [...OPTIONS, { optionId: 'p-4', name: '', kind }]);
    test.answer = () => DENIED;
    expect(await connection.client.request('session/request_permission', params)).toMatchObject(
      selected('p-3'),
    );
    const wrong = connection.client.request('session/request_permission', { options: [] });
    await expect(wrong).rejects.toMatchObject({ code: -32_602 });
    connection.close();
  });

  it('shows all that would change, or says what does', async () => {
    const diffs = Array.from({ length: 60 }, (_, at) => ({
      type: 'diff' as const,
      path: `/f${at}`,
      oldText: null,
      newText: `new ${at}`,
    }));
    await services.requestPermission(permission({ kind: 'edit', title: 'Edit', content: diffs.slice(0, 3) }));
    expect(test.asked[0]?.subject).toMatchObject({
      kind: 'edit',
      files: diffs.slice(0, 3).map(({ path }) => ({ path })),
    });
    await services.requestPermission(permission({ kind: 'edit', title: 'Edit', content: diffs }));
    const { subject } = test.asked[1] ?? {};
    expect(subject?.kind).toBe('tool');
    expect(JSON.stringify(subject)).toContain('/f59');
    await expect(
      services.requestPermission(permission({ kind: 'execute', rawInput: { command: 'x'.repeat(300_000) } })),
    ).rejects.toMatchObject({ code: -32_602 });
  });

  it('of a turn that is stopped is cancelled; of a server that closes it stays open', async () => {
    test.answer = () => 'wait';
    const stopped = services.requestPermission(permission({ title: 'x' }));
    await expect.poll(() => test.asked.length).toBe(1);
    stopping.abort('stop');
    expect(await stopped).toEqual(CANCELLED);
    expect(await services.requestPermission(permission({ title: 'x' }))).toEqual(CANCELLED);

    restart();
    let isAnswered = false;
    const closed = services.requestPermission(permission({ title: 'x' }));
    void closed.finally(() => (isAnswered = true)).catch(() => {});
    await expect.poll(() => test.asked.length).toBe(2);
    stopping.abort('close');
    restart();
    test.answer = () => ALLOWED;
    expect(await services.requestPermission(permission({ title: 'x' }))).toEqual(selected('p-2'));
    expect(test.asked[2]?.key).toBe(test.asked[1]?.key);
    await setImmediate();
    expect(isAnswered).toBe(false);
  });
});

describe('a question to the person', () => {
  const scope = { sessionId: 's', message: 'Which one?' };
  const form = {
    ...scope,
    mode: 'form' as const,
    requestedSchema: {
      properties: {
        name: { type: 'string' as const, title: 'Name', minLength: 2 },
        count: { type: 'integer' as const, minimum: 1, default: 2 },
        sure: { type: 'boolean' as const },
        size: { type: 'string' as const, oneOf: [{ const: 's', title: 'Small' }] },
        tags: { type: 'array' as const, items: { type: 'string' as const, enum: ['a', 'b'] } },
      },
      required: ['name'],
    },
  };

  it('is a form whose answer has the types of the schema', async () => {
    test.answer = () => ({
      kind: 'answered',
      values: { name: 'Ann', count: '3', sure: true, size: 's', tags: ['b'], extra: 'x' },
    });
    expect(await services.createElicitation(form)).toEqual({
      action: 'accept',
      content: { name: 'Ann', count: 3, sure: true, size: 's', tags: ['b'] },
    });
    expect(test.asked[0]?.subject).toMatchObject({
      kind: 'form',
      message: 'Which one?',
      url: null,
      fields: [
        { name: 'name', title: 'Name', kind: 'text', isRequired: true },
        { name: 'count', kind: 'number', initial: 2 },
        { name: 'sure', kind: 'boolean' },
        { name: 'size', kind: 'choice', choices: [{ value: 's', name: 'Small' }] },
        {
          name: 'tags',
          kind: 'choices',
          choices: [
            { value: 'a', name: 'a' },
            { value: 'b', name: 'b' },
          ],
        },
      ],
    });
  });

  it('is asked again where the answer does not fit, and says why', async () => {
    const answers = [
      {},
      { name: 'A' },
      { name: 'Ann', count: 1.5 },
      { name: 'Ann', size: 'l' },
      { name: 'Ann', count: 1 },
    ];
    test.answer = () => ({ kind: 'answered', values: answers.shift() ?? {} });
    expect(await services.createElicitation(form)).toEqual({
      action: 'accept',
      content: { name: 'Ann', count: 1 },
    });
    expect(test.asked.map(({ why }) => why)).toEqual([
      undefined,
      'The answer did not fit: “Name” is missing.',
      'The answer did not fit: “Name” does not fit.',
      'The answer did not fit: “count” does not fit.',
      'The answer did not fit: “size” does not fit.',
    ]);
    expect(new Set(test.asked.map(({ key }) => key)).size).toBe(5);
  });

  it('is declined or cancelled by a person', async () => {
    test.answer = () => DENIED;
    expect(await services.createElicitation(form)).toEqual({ action: 'decline' });
    test.answer = () => ({ kind: 'void', reason: '' });
    expect(await services.createElicitation(form)).toEqual({ action: 'cancel' });
  });

  it('can be an address of the web, and ends when the agent has seen it visited', async () => {
    const visit = (url: string) =>
      services.createElicitation({ ...scope, mode: 'url', elicitationId: 'e', url });
    await expect(visit('javascript:alert(1)')).rejects.toMatchObject({ code: -32_602 });
    test.answer = () => 'wait';
    const visiting = visit('https://example.org/login');
    await expect.poll(() => test.asked.length).toBe(1);
    expect(test.asked[0]?.subject).toMatchObject({
      kind: 'form',
      url: 'https://example.org/login',
      fields: [],
    });
    services.completeElicitation('e');
    expect(await visiting).toEqual({ action: 'accept' });
  });
});

describe('what a restart keeps', () => {
  it('is what was allowed and is not done yet, and the reasons for the next prompt', async () => {
    const kept = keptInMemory();
    const start = () => {
      mapper = createUpdateMapper(test.session, { turnId: () => test.turnId, kept });
      const signal = () => stopping.signal;
      services = createServices(test.session, mapper, { turnId: () => test.turnId, signal, kept });
    };
    start();
    await services.requestPermission(permission({ kind: 'execute', rawInput: { command: 'true' } }));
    test.answer = () => DENIED;
    await services.requestPermission(permission({ toolCallId: 'd', title: 'x' }));
    mapper.close();
    start();
    test.asked.length = 0;
    await services.createTerminal({ sessionId: 's', command: 'true' });
    expect(test.asked).toEqual([]);
    expect(services.takeReasons()).toEqual(['use pnpm']);
    await expect(services.createTerminal({ sessionId: 's', command: 'true' })).rejects.toThrowError(
      'use pnpm',
    );
    await services.endTurn();
    expect(kept.kept).toMatchObject({ grants: [], reasons: [] });
    mapper.close();
  });
});
