import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentBench } from '../../agents/builtin/testing/agent-bench.ts';
import { type FrontDoor, openFrontDoor } from '../../api/testing/fixture.ts';
import { writeRunningServer } from '../../config/running-server.ts';
import { runCommand } from '../testing/run-command.ts';

let folder: string;
let bench: AgentBench;
let door: FrontDoor;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-cli-'));
  bench = await AgentBench.start({
    canRewind: true,
    files: { 'a.txt': 'zero' },
    script: ({ step, lastUserText }) =>
      step > 0
        ? [{ text: 'done' }]
        : [{ call: { name: 'write_file', arguments: { path: 'a.txt', content: lastUserText } } }],
  });
  const { checkpoints, dryRuns, sessions } = bench.server;
  door = await openFrontDoor({ checkpoints, dryRuns, sessions });
  const token = door.access.cliToken;
  writeRunningServer(join(folder, 'server.json'), { pid: 1, url: door.origin, version: 'test', token });
});
afterEach(async () => {
  await door.close();
  await bench.close();
  rmSync(folder, { recursive: true });
});

const run = (...argv: string[]) => runCommand(folder, argv);

describe('farhand checkpoint', () => {
  it('lists, shows and goes back, and says how to undo it', async () => {
    const { sessionId } = bench;
    expect((await run('checkpoint', 'list', sessionId)).out).toBe('Nothing to go back to.\n');
    await bench.promptAndWait('one');
    const { turnId } = bench.turn;
    expect((await run('checkpoint', 'list', sessionId)).out).toMatch(
      new RegExp(`^${turnId}  turn  .*yes`, 'm'),
    );
    const short = turnId.slice(0, 10);
    expect((await run('checkpoint', 'show', sessionId, short)).out).toMatch(/^modified +\+1 +-1 +a\.txt$/m);
    writeFileSync(join(bench.directory, 'a.txt'), 'by hand');
    const refused = await run('checkpoint', 'rewind', sessionId, short, '--files');
    expect(refused).toMatchObject({ status: 1, out: '' });
    expect(refused.err).toContain('“a.txt” was changed by somebody else since.');
    const { out } = await run('checkpoint', 'rewind', sessionId, short, '--files', '--force');
    expect(out).toContain('One file was put back.');
    expect(bench.file('a.txt')).toBe('zero');
    const undo = /rewind ses_\S+ (chk_\S+)/.exec(out)?.[1] ?? '';
    const undone = await run('checkpoint', 'rewind', sessionId, undo, '--files', '--json');
    expect(JSON.parse(undone.out)).toMatchObject({ files: 1, left: [] });
    expect(bench.file('a.txt')).toBe('by hand');
    expect((await run('checkpoint', 'rewind', sessionId, 'trn_none')).err).toContain(
      'There is no checkpoint trn_none.',
    );
    expect((await run('checkpoint', 'list', sessionId.slice(4, 12))).out).toContain(turnId);
    expect((await run('checkpoint', 'list', 'nobody')).err).toContain(
      'No session has an id that begins with',
    );
  });
});

describe('farhand dry-run', () => {
  it('switches, lists, shows, discards and applies', async () => {
    const { sessionId } = bench;
    expect((await run('dry-run', 'on', sessionId)).out).toBe('The dry run is on.\n');
    await bench.promptAndWait('one');
    await bench.promptAndWait('two');
    const { out } = await run('dry-run', 'list', sessionId);
    expect(out).toMatch(/^1 +write +open +a\.txt/m);
    expect((await run('dry-run', 'show', sessionId, '1')).out).toContain('+one');
    await run('dry-run', 'discard', sessionId, '2');
    await run('dry-run', 'apply', sessionId);
    await bench.when(() =>
      bench.server.dryRuns.get(sessionId).proposals.every(({ state }) => state === 'applied'),
    );
    expect(bench.file('a.txt')).toBe('one');
    expect((await run('dry-run', 'apply', sessionId, '7')).err).toContain('There is no proposal 7.');
    expect(JSON.parse((await run('dry-run', 'off', sessionId, '--json')).out)).toMatchObject({
      dryRun: { isOn: false },
    });
  });
});
