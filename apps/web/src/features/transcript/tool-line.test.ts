import { newId } from '@farhand/shared/model/ids';
import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import { describe, expect, it } from 'vitest';
import { exitStatus, toolLine } from './tool-line.ts';

const START = '2026-01-01T00:00:00.000Z';
const now = Date.parse(START) + 2500;

function call(facts: Partial<ToolCallItem>): ToolCallItem {
  return {
    id: newId('item'),
    turnId: newId('turn'),
    at: START,
    kind: 'tool_call',
    callId: 'c',
    tool: 'bash',
    title: 'npm test',
    input: {},
    state: 'done',
    jobId: null,
    output: '',
    view: null,
    exit: null,
    result: null,
    startedAt: START,
    endedAt: null,
    ...facts,
  };
}

describe('toolLine', () => {
  it('says what runs, where, and for how long', () => {
    const line = toolLine(call({ state: 'running' }), now);
    expect(line).toEqual({
      icon: 'command',
      what: 'Running',
      where: 'npm test',
      duration: '2.5 s',
      status: null,
    });
  });

  it('says what will be done while it waits', () => {
    expect(toolLine(call({ state: 'pending', startedAt: null }), now).what).toBe('Run');
  });

  it('names the tool of an MCP server once', () => {
    const line = toolLine(call({ tool: 'mcp__tracker__find', title: 'tracker: Find issues' }), now);
    expect(line).toMatchObject({ what: 'Used', where: 'tracker: Find issues' });
    expect(toolLine(call({ tool: 'tidy', title: 'tidy' }), now)).toMatchObject({ what: 'tidy', where: '' });
  });

  it('says how a command ended', () => {
    const line = toolLine(
      call({ endedAt: '2026-01-01T00:00:01.200Z', exit: { kind: 'exited', code: 1 } }),
      now,
    );
    expect(line).toMatchObject({ what: 'Ran', duration: '1.2 s', status: { label: 'exit 1', tone: 'bad' } });
  });

  it('says that a running one is out of contact, and leaves those alone that have ended', () => {
    expect(toolLine(call({ state: 'running' }), now, true).status?.label).toBe('no contact, it runs on');
    expect(toolLine(call({ state: 'stopped' }), now, true).status?.label).toBe('stopped');
  });

  it('keeps a title of many lines on one', () => {
    expect(toolLine(call({ title: 'cd a\n  && ls' }), now).where).toBe('cd a && ls');
  });

  it.each([
    [{ state: 'pending', startedAt: null } as const, 'waiting'],
    [{ state: 'stopped', exit: { kind: 'signaled', signal: 'SIGTERM' } } as const, 'stopped'],
    [{ state: 'failed' } as const, 'failed'],
    [{ state: 'failed', exit: { kind: 'exited', code: 2 } } as const, 'exit 2'],
    [{ state: 'failed', exit: { kind: 'exited', code: 0 } } as const, 'failed'],
  ])('labels %j', (facts, label) => {
    expect(toolLine(call(facts), now).status?.label).toBe(label);
  });

  it('tells the call of a foreign agent by its kind, without saying the verb twice', () => {
    expect(toolLine(call({ tool: 'Read', toolKind: 'read', title: 'Read src/a.ts' }), now)).toMatchObject({
      icon: 'read',
      what: 'Read',
      where: 'src/a.ts',
    });
    expect(toolLine(call({ tool: 'x', toolKind: 'execute', title: '`npm  test`' }), now)).toMatchObject({
      icon: 'command',
      what: 'Ran',
      where: 'npm test',
    });
    expect(toolLine(call({ tool: 'x', toolKind: 'other', title: 'read it' }), now)).toMatchObject({
      what: 'x',
      where: 'read it',
    });
  });

  it('shows an unknown tool by its own name', () => {
    expect(toolLine(call({ tool: 'fetch_page' }), now)).toMatchObject({ icon: 'other', what: 'fetch_page' });
  });
});

describe('exitStatus', () => {
  it('says that a reboot ended it', () => {
    expect(exitStatus({ kind: 'rebooted' })).toEqual({ label: 'ended by the host’s reboot', tone: 'bad' });
  });

  it('never reads a signal or a lost end as success', () => {
    expect(exitStatus({ kind: 'signaled', signal: 'SIGKILL' })).toEqual({ label: 'SIGKILL', tone: 'bad' });
    expect(exitStatus({ kind: 'lost' }).tone).toBe('bad');
    expect(exitStatus({ kind: 'exited', code: 0 })).toEqual({ label: 'exit 0', tone: 'good' });
  });
});
