import { describe, expect, it } from 'vitest';
import { hostFailure, hostFailureCode } from './errors.ts';

describe('hostFailureCode', () => {
  it.each([
    ['fatal: write error: No space left on device\nfatal: index-pack failed', 'disk.full'],
    ["mkdir: cannot create directory '/home/u/.farhand': Disk quota exceeded", 'disk.quota_exceeded'],
    ["mkdir: cannot create directory '/home/u/.farhand': Read-only file system", 'host.home_unwritable'],
    ["mkdir: cannot create directory '/home/u/.farhand': Permission denied", 'host.home_unwritable'],
    ['sh: 12: cannot create /home/u/.farhand/cache/.probe-1: Permission denied', 'host.home_unwritable'],
    ['error: unable to create file a: No space left on device', 'disk.full'],
    ['farhand: git missing', 'host.git_missing'],
    ['sh: 4: git: not found', 'host.git_missing'],
    ['bash: line 1: git: command not found', 'host.git_missing'],
    ['farhand: workspace missing', 'workspace.missing'],
    ['fatal: pack has bad object at offset 12', 'workspace.transfer_failed'],
    ['', 'workspace.transfer_failed'],
  ])('reads %j as %s', (stderr, code) => {
    expect(hostFailureCode(stderr, 'workspace.transfer_failed')).toBe(code);
  });

  it('tells the line that says why, without control characters', () => {
    const error = hostFailure(
      'hint: x\nerror: \u001b[31mbad\u0007 thing\nhint: y\n',
      'workspace.transfer_failed',
      'It failed',
    );
    expect(error.message).toBe('It failed: error:  [31mbad  thing');
  });

  it('tells what our own scripts say in words for people', () => {
    const full = hostFailure('farhand: disk full\n', 'workspace.transfer_failed', 'It failed');
    expect(full).toMatchObject({ code: 'disk.full', message: 'It failed: disk full' });
    const gone = hostFailure('farhand: workspace missing\n', 'command.failed', 'It failed');
    expect(gone).toMatchObject({
      code: 'workspace.missing',
      message: expect.stringContaining('folder is gone'),
    });
  });
});
