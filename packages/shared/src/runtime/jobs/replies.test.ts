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
    ['rebooted', { state: 'ended', exit: { kind: 'rebooted' } }],
    ['exited 3', { state: 'ended', exit: { kind: 'lost' } }],
    ['exited 999 .', { state: 'ended', exit: { kind: 'lost' } }],
    ['signaled <b> .', { state: 'ended', exit: { kind: 'lost' } }],
  ])('reads %j', (line, state) => expect(parseStatus(line)).toEqual(state));
});

describe('parseRecords', () => {
  it('adds up the files of each job and leaves out what is not whole', () => {
    const [id, other] = [newId('job'), newId('job')];
    const file = (size: number, name: string) => `-rw------- 1 0 0 ${size} Nov 21 02:48 ${name}`;
    const text = [
      `job ${id}`,
      'label status lost',
      'status running',
      'job ../etc',
      'status running',
      `job ${other}`,
      'status rebooted',
      `job ${newId('job')}`,
      file(4_194_304, `${id}/out.4194304`),
      file(10, `${id}/out.8388608`),
      file(7, `${id}/in`),
      `drwx------ 2 0 0 4096 Nov 21 02:48 ${id}/watch.1.2`,
      file(3, `${other}/err.0`),
    ];
    const nothing = { outBytes: 0, errBytes: 0, inBytes: 0 };
    expect(parseRecords(text.join('\n'))).toEqual([
      {
        ...nothing,
        id,
        label: 'status lost',
        status: { state: 'running' },
        outBytes: 8_388_618,
        inBytes: 7,
        keptBytes: 4_194_321,
      },
      {
        ...nothing,
        id: other,
        label: null,
        status: { state: 'ended', exit: { kind: 'rebooted' } },
        errBytes: 3,
        keptBytes: 3,
      },
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
