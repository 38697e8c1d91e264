import { describe, expect, it } from 'vitest';
import { parseHostTarget } from './host-target.ts';

describe('parseHostTarget', () => {
  it.each([
    ['local', 'local', null],
    [' gpu-1 ', 'gpu-1', null],
    ['ada@gpu-1', 'ada@gpu-1', null],
    ['ada@corp@jump', 'ada@corp@jump', null],
    ['coder.my-box', 'coder.my-box', null],
    ['ssh://ada@gpu-1:2222', 'ssh://ada@gpu-1:2222', null],
    ['ssh://gpu-1/', 'ssh://gpu-1', null],
    ['ssh://gpu-1:22/srv/my work', 'ssh://gpu-1:22', '/srv/my work'],
    ['ssh://ada@gpu-1:22/srv/work', 'ssh://ada@gpu-1:22', '/srv/work'],
    ['ssh://[::1]:22', 'ssh://[::1]:22', null],
  ])('reads %j', (text, hostId, baseDirectory) => {
    expect(parseHostTarget(text)).toEqual({ hostId, baseDirectory });
  });

  it.each([
    '',
    '-oProxyCommand=x',
    'ada@-x',
    'ssh://-x',
    'ssh://ada@-x:22',
    'ada@',
    'a b',
    'a\tb',
    'a\u0000b',
    'ssh://h:99999',
    'ssh://h:0',
    '`id`',
    '$(id)',
    'a;b',
    'a/b',
  ])('refuses %j', (text) => {
    expect(parseHostTarget(text)).toBeNull();
  });
});
