import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptInMemory } from '../connection/kept.ts';
import { TestSession } from '../updates/testing/test-session.ts';
import { createUpdateMapper, type UpdateMapper } from '../updates/update-mapper.ts';
import { createServices, type SessionServices } from './services.ts';
import { readTerminalId, terminalId } from './terminal-id.ts';
import { lastCharacters } from './terminal-output.ts';

let test: TestSession;
let mapper: UpdateMapper;
let services: SessionServices;
let stopping: AbortController;

beforeEach(() => {
  test = new TestSession();
  test.beginTurn();
  restart();
});
afterEach(async () => {
  mapper.close();
  await test.close();
});

function restart() {
  stopping = new AbortController();
  mapper = createUpdateMapper(test.session, { turnId: () => test.turnId });
  services = createServices(test.session, mapper, {
    turnId: () => test.turnId,
    signal: () => stopping.signal,
  });
}

const sessionId = 's';
const inside = (path: string) => join(test.directory, path);
const allow = async (toolCall: { toolCallId: string } & Record<string, unknown>) => {
  const options = [{ optionId: 'y', name: 'Yes', kind: 'allow_once' as const }];
  await services.requestPermission({ sessionId, toolCall, options });
  test.asked.length = 0;
};

describe('reading a file', () => {
  const read = (path: string, range: { line?: number; limit?: number } = {}) =>
    services.readTextFile({ sessionId, path, ...range }).then(({ content }) => content);

  it('gives its text, or some of its lines, and nothing for one that is not there', async () => {
    writeFileSync(inside('a'), 'one\r\ntwo\nthree');
    expect(await read(inside('a'))).toBe('one\r\ntwo\nthree');
    expect(await read(inside('a'), { line: 2 })).toBe('two\nthree');
    expect(await read(inside('a'), { line: 1, limit: 2 })).toBe('one\r\ntwo\n');
    expect(await read(inside('a'), { line: 9, limit: 2 })).toBe('');
    expect(await read(inside('none/there'))).toBe('');
    expect(test.asked).toEqual([]);
  });

  it('outside the workspace is asked about, by symlink and by dots too', async () => {
    writeFileSync(join(test.folder, 'outside'), 'secret');
    symlinkSync(join(test.folder, 'outside'), inside('link'));
    test.answer = () => ({ kind: 'denied', reason: 'private' });
    for (const path of [inside('link'), inside('../outside'), join(test.folder, 'outside')])
      await expect(read(path)).rejects.toMatchObject({
        code: -32_010,
        message: expect.stringContaining('private'),
      });
    expect(test.asked.map(({ effect, paths }) => [effect, paths])).toEqual(
      Array.from({ length: 3 }, () => ['read', [join(test.folder, 'outside')]]),
    );
    test.answer = () => ({ kind: 'allowed', scope: 'once', command: null });
    expect(await read(inside('link'))).toBe('secret');
  });

  it('refuses what is no text of a sensible size', async () => {
    mkdirSync(inside('folder'));
    writeFileSync(inside('binary'), Uint8Array.of(0, 1, 2));
    writeFileSync(inside('large'), Buffer.alloc(17 * 1024 * 1024, 'a'));
    const refusal = (path: string) => read(path).catch((error: { message: string }) => error.message);
    expect(await refusal('a')).toContain('must be absolute');
    expect(await refusal(inside('folder'))).toContain('is a folder');
    expect(await refusal(inside('binary'))).toContain('binary');
    expect(await refusal(inside('large'))).toContain('larger than 16 MiB');
  });
});

describe('writing a file', () => {
  const write = (path: string, content: string) => services.writeTextFile({ sessionId, path, content });
  const textOf = (path: string) => readFileSync(path, 'utf8');

  it('is asked about with the diff, and tells that files changed', async () => {
    writeFileSync(inside('a'), 'one\n');
    await write(inside('a'), 'two\n');
    expect(textOf(inside('a'))).toBe('two\n');
    expect(test.asked).toMatchObject([
      {
        effect: 'edit',
        paths: [inside('a')],
        subject: { kind: 'edit', files: [{ path: 'a', patch: expect.stringContaining('-one\n+two') }] },
      },
    ]);
    expect(test.filesChanged).toBe(1);
  });

  it('that is denied changes nothing', async () => {
    test.answer = () => ({ kind: 'denied', reason: null });
    await expect(write(inside('a'), 'x')).rejects.toMatchObject({ code: -32_010 });
    await expect(services.readTextFile({ sessionId, path: inside('a') })).resolves.toEqual({ content: '' });
  });

  it('that changes nothing is not asked about', async () => {
    writeFileSync(inside('a'), 'one\n');
    await write(inside('a'), 'one\n');
    expect(test.asked).toEqual([]);
    writeFileSync(inside('b'), new Uint8Array([0, 255, 0]));
    await write(inside('b'), '');
    expect(test.asked).toHaveLength(1);
  });

  it('is asked about anew where the file changed while a person decided', async () => {
    writeFileSync(inside('a'), 'one\n');
    test.answer = () => {
      if (test.asked.length === 1) writeFileSync(inside('a'), 'other\n');
      return { kind: 'allowed', scope: 'once', command: null };
    };
    await write(inside('a'), 'two\n');
    expect(test.asked.map(({ subject }) => JSON.stringify(subject).includes('-other'))).toEqual([
      false,
      true,
    ]);
    expect(test.asked[0]?.key).toBe(test.asked[1]?.key);
  });

  it('is not asked about twice where its call was allowed with this very change', async () => {
    writeFileSync(inside('a'), 'head\none\ntail\n');
    const content = [{ type: 'diff', path: inside('a'), oldText: 'one', newText: 'two' }];
    await allow({ toolCallId: 'c', title: 'Edit', kind: 'edit', content });
    await write(inside('a'), 'head\ntwo\ntail\n');
    expect(test.asked).toEqual([]);
    writeFileSync(inside('a'), 'head\none\ntail\n');
    await write(inside('a'), 'head\ntwo and more\ntail\n');
    expect(test.asked).toHaveLength(1);
    writeFileSync(inside('a'), 'head\none\ntail\n');
    mapper.apply({ sessionUpdate: 'tool_call_update', toolCallId: 'c', status: 'completed' });
    await write(inside('a'), 'head\ntwo\ntail\n');
    expect(test.asked).toHaveLength(2);
  });
});

describe('a terminal', () => {
  const create = (command: string, args?: string[], more: object = {}, key?: string) =>
    services
      .createTerminal({ sessionId, command, ...(args ? { args } : {}), ...more }, key)
      .then((made) => made.terminalId);
  const output = (id: string) => services.terminalOutput({ sessionId, terminalId: id });
  const exit = (id: string) => services.waitForTerminalExit({ sessionId, terminalId: id });

  it('runs words as they are, lines by a shell, with variables, and tells its end', async () => {
    const env = [{ name: 'GREETING', value: 'a "b" $c' }];
    const words = await create('printf', ['%s|%s', '$GREETING', 'x y'], { env });
    const line = await create('echo "$GREETING" | tr a-z A-Z; pwd; exit 3', undefined, { env });
    expect(await exit(words)).toEqual({ exitCode: 0, signal: null });
    expect(await exit(line)).toEqual({ exitCode: 3, signal: null });
    expect(await output(words)).toEqual({
      output: '$GREETING|x y',
      truncated: false,
      exitStatus: { exitCode: 0, signal: null },
    });
    expect((await output(line)).output).toBe(`A "B" $C\n${test.directory}\n`);
    expect(test.asked.map(({ subject }) => subject)).toEqual([
      { kind: 'command', command: `env 'GREETING=a "b" $c' printf '%s|%s' '$GREETING' 'x y'` },
      {
        kind: 'command',
        command: `env 'GREETING=a "b" $c' bash -c 'echo "$GREETING" | tr a-z A-Z; pwd; exit 3'`,
      },
    ]);
  });

  it('is asked about with the variables that a grant did not show, and not with those of looks', async () => {
    const rawInput = { command: 'git status' };
    await allow({ toolCallId: 'c', kind: 'execute', rawInput });
    await create('git', ['status'], { env: [{ name: 'PAGER', value: 'cat' }] });
    expect(test.asked).toEqual([]);
    await allow({ toolCallId: 'd', kind: 'execute', rawInput });
    await create('git', ['status'], { env: [{ name: 'PAGER', value: '/tmp/evil' }] });
    expect(test.asked[0]?.subject).toEqual({ kind: 'command', command: 'env PAGER=/tmp/evil git status' });
  });

  it('makes room for the 65th by one that has ended, and refuses it where none has', async () => {
    const kept = keptInMemory();
    services = createServices(test.session, mapper, {
      turnId: () => test.turnId,
      signal: () => stopping.signal,
      kept,
    });
    const first = await create('true');
    await exit(first);
    const place = { hostId: test.session.place.hostId, workspaceId: test.session.place.workspaceId };
    const second = await create('sleep', ['300']);
    const more = Array.from({ length: 62 }, () => ({
      ...place,
      jobId: readTerminalId(test.session.sessionId, second)?.jobId ?? newId('job'),
    }));
    kept.setTerminals([...kept.terminals, ...more]);
    expect(kept.terminals).toHaveLength(64);
    await create('sleep', ['300']);
    expect(kept.terminals).toHaveLength(64);
    await expect(output(first)).rejects.toMatchObject({ data: { code: 'job.not_found' } });
    await expect(create('sleep', ['300'])).rejects.toThrowError('64 terminals are open already');
  });

  it('keeps the end of 10 MiB of output, cut at a character', async () => {
    const id = await create('yes ä | head -c 10485760', undefined, { outputByteLimit: 1000 });
    await exit(id);
    const { output: text, truncated } = await output(id);
    expect(truncated).toBe(true);
    expect(Buffer.byteLength(text)).toBeGreaterThan(990);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1000);
    expect(text).toMatch(/^\n?(ä\n)+(ä)?�?$/);
  });

  it('is found again after a restart, with its limit', async () => {
    const id = await create('printf 0123456789; exec sleep 300', undefined, { outputByteLimit: 4 }, 'job 7');
    await expect.poll(() => output(id).then((now) => now.output)).toBe('6789');
    restart();
    const again = await create(
      'printf 0123456789; exec sleep 300',
      undefined,
      { outputByteLimit: 4 },
      'job 7',
    );
    expect(again).toBe(id);
    expect(test.asked[0]?.key).toBe(test.asked[1]?.key);
    expect(await output(id)).toMatchObject({ output: '6789', truncated: true, exitStatus: null });
    expect(await create('true', undefined, {}, 'job 8')).not.toBe(id);
  });

  it('is killed, then still read, and gone when released; its output stays in the transcript', async () => {
    const id = await create('echo begun; exec sleep 300');
    mapper.apply({
      sessionUpdate: 'tool_call',
      toolCallId: 'c',
      title: 't',
      kind: 'execute',
      content: [{ type: 'terminal', terminalId: id }],
    });
    await expect.poll(() => output(id).then((now) => now.output)).toBe('begun\n');
    const waiting = exit(id);
    await services.killTerminal({ sessionId, terminalId: id });
    expect(await waiting).toEqual({ exitCode: null, signal: 'SIGTERM' });
    expect(await output(id)).toMatchObject({ output: 'begun\n', exitStatus: { signal: 'SIGTERM' } });
    await services.releaseTerminal({ sessionId, terminalId: id });
    await services.releaseTerminal({ sessionId, terminalId: id });
    expect(test.calls[0]).toMatchObject({ output: 'begun\n', exit: { kind: 'signaled', signal: 'SIGTERM' } });
    expect(await test.runtime.jobs.list()).toEqual([]);
    await expect(output(id)).rejects.toMatchObject({ code: -32_002 });
  });

  it('hides secrets in what it gives, which its program has', async () => {
    test.secrets = { TOKEN: 'sesame-open-now' };
    const id = await create('echo "$TOKEN"');
    await exit(id);
    expect((await output(id)).output).toBe('[secret TOKEN]\n');
  });

  it('is not asked about where its call was allowed with this very command, once', async () => {
    await allow({ toolCallId: 'c', title: 't', kind: 'execute', rawInput: { command: 'echo a' } });
    await create('bash', ['-lc', 'echo a']);
    expect(test.asked).toEqual([]);
    await create('echo', ['a']);
    expect(test.asked).toHaveLength(1);
    await allow({ toolCallId: 'd', title: 't', kind: 'execute', rawInput: { command: 'echo a' } });
    await create('echo a', undefined, { cwd: test.folder });
    expect(test.asked).toMatchObject([{ cwd: test.folder, paths: [test.folder] }]);
  });

  it('that is denied does not run', async () => {
    test.answer = () => ({ kind: 'denied', reason: 'no' });
    await expect(create('touch', [inside('made')])).rejects.toMatchObject({ code: -32_010 });
    expect(await test.runtime.jobs.list()).toEqual([]);
  });

  it('of another session, or of nobody, is none', async () => {
    const other = terminalId(newId('session'), null, null);
    for (const id of [other, newId('job'), '../x', ''])
      for (const ask of [
        output,
        exit,
        (terminal: string) => services.releaseTerminal({ sessionId, terminalId: terminal }),
      ])
        await expect(ask(id)).rejects.toMatchObject({ code: -32_602 });
  });

  it('ends with a turn that is stopped and runs on otherwise', async () => {
    const id = await create('sleep', ['300']);
    await services.endTurn();
    expect((await output(id)).exitStatus).toBeNull();
    stopping.abort('stop');
    await services.endTurn();
    restart();
    expect((await output(id)).exitStatus).toEqual({ exitCode: null, signal: 'SIGTERM' });
  });

  it('refuses what cannot be run', async () => {
    await expect(create(' ')).rejects.toMatchObject({ code: -32_602 });
    await expect(create('a\0b')).rejects.toMatchObject({ code: -32_602 });
    await expect(create('true', [], { cwd: 'relative' })).rejects.toMatchObject({ code: -32_602 });
    await expect(create('true', [], { env: [{ name: 'A;b', value: '' }] })).rejects.toMatchObject({
      code: -32_602,
    });
    await expect(create('true', [], { cwd: inside('none') })).rejects.toMatchObject({ code: -32_002 });
  });
});

describe('a terminal’s id', () => {
  it('says its limit to its own session only', () => {
    const own = newId('session');
    for (const limit of [null, 1, 1000, 2 ** 29]) {
      const id = terminalId(own, null, limit);
      expect(readTerminalId(own, id)).toEqual({ jobId: id, limitBytes: limit });
      expect(readTerminalId(newId('session'), id)).toBeNull();
    }
    expect(terminalId(own, 'a', 1)).toBe(terminalId(own, 'a', 1));
    expect(terminalId(own, null, 1)).not.toBe(terminalId(own, null, 1));
  });
});

describe('the last bytes of a text', () => {
  it('begin with a character', () => {
    const bytes = new TextEncoder().encode('a€b');
    expect([0, 1, 2, 3, 4, 5].map((limit) => new TextDecoder().decode(lastCharacters(bytes, limit)))).toEqual(
      ['', 'b', 'b', 'b', '€b', 'a€b'],
    );
  });
});
