import { describe, expect, it } from 'vitest';
import { newId } from '../../model/ids.ts';
import { parseOffset, parseRecords, parseStatus, startError } from './replies.ts';

describe('parseOffset', () => {
  it.each(['', '-1', '01', '1e3', '9'.repeat(16), ' 1', '1 '])('refuses %j', (text) =>
    expect(parseOffset(text)).toBeNull(),
  );
  it('reads whole numbers', () => expect(parseOffset('4194304')).toBe(4_194_304));
});

describe('parseStatus', () => {
  it.each([
    ['running', { state: 'running' }],
    ['exited 3 .', { state: 'ended', exit: { kind: 'exited', code: 3 } }],
    ['signaled TERM .', { state: 'ended', exit: { kind: 'signaled', signal: 'SIGTERM' } }],
    ['exited 3', { state: 'ended', exit: { kind: 'lost' } }],
    ['exited 999 .', { state: 'ended', exit: { kind: 'lost' } }],
    ['signaled <b> .', { state: 'ended', exit: { kind: 'lost' } }],
  ])('reads %j', (line, state) => expect(parseStatus(line)).toEqual(state));
});

describe('parseRecords', () => {
  it('adds up the segments and leaves out what is not whole', () => {
    const id = newId('job');
    const text = `job ${id}\nlabel ws\nstatus running\ntotal 8
-rw------- 1 0 0 4194304 Nov 21 02:48 out.4194304\n-rw------- 1 0 0 10 Nov 21 02:48 out.8388608\n-rw------- 1 0 0 7 Nov 21 02:48 in\n
job ../etc\nstatus running\n\njob ${id}\n\n`;
    expect(parseRecords(text)).toEqual([
      { id, label: 'ws', status: { state: 'running' }, outBytes: 8_388_618, errBytes: 0, inBytes: 7 },
    ]);
  });
});

describe('startError', () => {
  it.each([
    ['failed mkdir: cannot create directory: No space left on device', 'disk.full'],
    ['failed mkdir: cannot create directory: Read-only file system', 'host.home_unwritable'],
    ['failed mkdir: cannot create directory: Permission denied', 'host.home_unwritable'],
    ['failed mkdir: Disk quota exceeded', 'disk.quota_exceeded'],
    ['unsupported', 'terminal.unsupported'],
    ['', 'job.start_failed'],
  ])('reads %j', (answer, code) => expect(startError(answer).code).toBe(code));
});
