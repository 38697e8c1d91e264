import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PermissionOption } from '@agentclientprotocol/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProposedWrite, SessionDryRun } from '../../../dry-run/session-dry-run.ts';
import { TestSession } from '../updates/testing/test-session.ts';
import { createUpdateMapper } from '../updates/update-mapper.ts';
import { createServices, type SessionServices } from './services.ts';

const OPTIONS: PermissionOption[] = [
  { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
  { optionId: 'no', name: 'No', kind: 'reject_once' },
];

let test: TestSession;
let services: SessionServices;
let commands: string[];
let writes: ProposedWrite[];
let isOn: boolean;

beforeEach(() => {
  test = new TestSession();
  test.beginTurn();
  [commands, writes, isOn] = [[], [], true];
  const files = () => new Map(writes.map(({ real, content }) => [real, content]));
  const dryRun: SessionDryRun = {
    isOn: () => isOn,
    check: () => {},
    command: (_call, command) => commands.push(command),
    write: (_call, write) => writes.push(write),
    contentOf: (real) => files().get(real) ?? null,
    files,
    news: () => null,
  };
  const session = { ...test.session, dryRun };
  const mapper = createUpdateMapper(session, { turnId: () => test.turnId });
  const signal = () => new AbortController().signal;
  services = createServices(session, mapper, { turnId: () => test.turnId, signal });
});
afterEach(() => test.close());

const at = (name: string) => join(test.directory, name);
const ask = (toolCall: object) =>
  services.requestPermission({
    sessionId: 's',
    toolCall: { toolCallId: 'c', ...toolCall },
    options: OPTIONS,
  });

describe('an agent of the protocol in a dry run', () => {
  it('is told no, with the command taken down', async () => {
    const answer = await ask({ kind: 'execute', title: 'Publish', rawInput: { command: 'npm publish' } });
    expect(answer.outcome).toEqual({ outcome: 'selected', optionId: 'no' });
    expect(commands).toEqual(['npm publish']);
    expect(test.asked).toEqual([]);
    expect(services.takeReasons()).toEqual([expect.stringContaining('recorded as proposal 1')]);
  });

  it('has its edits taken down, on what it proposed before', async () => {
    writeFileSync(at('a.txt'), 'one two\n');
    const edit = (oldText: string, newText: string) => ({
      kind: 'edit',
      title: 'Edit',
      content: [{ type: 'diff', path: at('a.txt'), oldText, newText }],
    });
    await ask(edit('one', '1'));
    await ask({ ...edit('two', '2'), toolCallId: 'd' });
    expect(writes.map(({ content }) => Buffer.from(content).toString())).toEqual(['1 two\n', '1 2\n']);
    expect(readFileSync(at('a.txt'), 'utf8')).toBe('one two\n');
    expect(await services.readTextFile({ sessionId: 's', path: at('a.txt') })).toEqual({ content: '1 2\n' });
    await ask({ ...edit('three', '3'), toolCallId: 'e' });
    expect(writes).toHaveLength(2);
    expect(services.takeReasons().at(-1)).toContain('does not fit the file');
  });

  it('writes and runs nothing by our services', async () => {
    await expect(
      services.writeTextFile({ sessionId: 's', path: at('b.txt'), content: 'b' }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('recorded as proposal 1'),
    });
    await expect(
      services.writeTextFile({ sessionId: 's', path: '/tmp/farhand-outside', content: 'b' }),
    ).rejects.toThrow('dry run');
    await expect(
      services.createTerminal({ sessionId: 's', command: 'touch', args: ['c d'] }),
    ).rejects.toThrow('dry run');
    expect(existsSync(at('b.txt'))).toBe(false);
    expect(existsSync(at('c d'))).toBe(false);
    expect(writes).toHaveLength(1);
    expect(commands).toEqual(["touch 'c d'"]);
  });

  it('is refused what cannot be taken down', async () => {
    const answer = await ask({ kind: 'fetch', title: 'Fetch', rawInput: { url: 'https://example.org/' } });
    expect(answer.outcome).toEqual({ outcome: 'selected', optionId: 'no' });
    expect([commands, writes]).toEqual([[], []]);
  });

  it('is asked about again once it is over', async () => {
    isOn = false;
    await ask({ kind: 'execute', title: 'Publish', rawInput: { command: 'npm publish' } });
    expect(test.asked).toHaveLength(1);
    expect(commands).toEqual([]);
  });
});
