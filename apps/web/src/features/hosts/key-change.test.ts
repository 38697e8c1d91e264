import type { HostId, KeyChange } from '@farhand/shared/model/hosts';
import { describe, expect, it } from 'vitest';
import { removeKeyCommand } from './key-change.ts';

const change = (file?: string): KeyChange => ({
  type: 'ED25519',
  offered: 'SHA256:new',
  known: ['SHA256:old'],
  records: file === undefined ? [] : [{ file, line: 3 }],
});
const command = (hostId: string, file?: string, hint: string | null = null) =>
  removeKeyCommand(hostId as HostId, change(file), hint);

describe('removeKeyCommand', () => {
  it('takes the command that ssh itself gave', () => {
    const hint = 'Ask who runs the host. Then run `ssh-keygen -f /k -R [10.0.0.1]:2222`.';
    expect(command('gpu-1', '/k', hint)).toBe('ssh-keygen -f /k -R [10.0.0.1]:2222');
  });

  it('names the host as known_hosts does, in the file where the record is', () => {
    expect(command('ada@gpu-1', '/home/ada/.ssh/known_hosts')).toBe(
      'ssh-keygen -f /home/ada/.ssh/known_hosts -R gpu-1',
    );
    expect(command('ssh://ada@gpu-1:2222')).toBe("ssh-keygen -R '[gpu-1]:2222'");
  });

  it('leaves nothing for a shell to read, and takes no command with a gap in it', () => {
    expect(command('gpu-1', "/a b/it's", 'Run `ssh-keygen -R <host>`.')).toBe(
      "ssh-keygen -f '/a b/it'\\''s' -R gpu-1",
    );
  });
});
