import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostId } from '@farhand/shared/model/hosts';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { createSshRuntime, type SshRuntime } from '../runtime.ts';

/**
 * What stands between the host's programs and us: `honest` passes everything on; `cut` ends the session after `n` bytes
 * of a command's output; `mute` goes silent there; `flood` prints without end there; `corrupt` drops, doubles, changes
 * and moves bytes by the seed `n`.
 */
export type Lie = 'honest' | 'cut' | 'mute' | 'flood' | 'corrupt';

/** A real sshd whose every session goes through a program that lies as it is told. */
export interface LyingHost {
  readonly sshd: TestSshd;
  /** From the next session on. */
  tell(lie: Lie, n?: number): void;
  /** A runtime of its own, with nothing open yet. */
  runtime(): SshRuntime;
  stop(): Promise<void>;
}

const LIAR = `#!/usr/bin/perl
use strict;
my ($dir) = $0 =~ m{^(.*)/};
open(my $mode, '<', "$dir/lie") or die; my ($lie, $n) = split ' ', <$mode>;
my $command = $ENV{SSH_ORIGINAL_COMMAND};
if ($command =~ /sftp/) { exec '/usr/lib/openssh/sftp-server' if $lie eq 'honest'; $command = '/usr/lib/openssh/sftp-server'; }
exec 'sh', '-c', $command if $lie eq 'honest';
my $child = open(my $in, '-|', 'sh', '-c', $command) or die;
srand($n);
my $seen = 0;
my $kept = '';
while (my $got = sysread($in, my $bytes, 8192)) {
  if ($lie eq 'corrupt') {
    my $out = '';
    for my $byte (split //, $bytes) {
      my $dice = rand(600);
      next if $dice < 0.3;
      $byte = chr(int(rand(256))) if $dice > 599.6;
      $out .= $byte x ($dice > 599.3 && $dice < 599.5 ? 2 : 1);
    }
    ($out, $kept) = ($kept . $out, '');
    if (rand(30) < 1) { $kept = $out; next; }
    $out = reverse $out if rand(80) < 1;
    syswrite(STDOUT, $out);
    next;
  }
  my $left = $n - $seen;
  $seen += $got;
  if ($left >= $got) { syswrite(STDOUT, $bytes); next; }
  syswrite(STDOUT, substr($bytes, 0, $left));
  if ($lie eq 'flood') { my $noise = "farhand $seen\\n" x 4000; 1 while syswrite(STDOUT, $noise); exit; }
  if ($lie eq 'mute') { 1 while sysread($in, $bytes, 8192); exit; }
  kill 9, $child;
  exit;
}
`;

export async function startLyingHost(): Promise<LyingHost> {
  const folder = mkdtempSync(join(tmpdir(), 'farhand-liar-'));
  chmodSync(folder, 0o755);
  const program = join(folder, 'liar');
  writeFileSync(program, LIAR, { mode: 0o755 });
  const tell = (lie: Lie, n = 0) => writeFileSync(join(folder, 'lie'), `${lie} ${n}\n`, { mode: 0o644 });
  tell('honest');
  const sshd = await startSshd({ config: [`ForceCommand ${program}`] });
  const runtimes: SshRuntime[] = [];
  return {
    sshd,
    tell,
    runtime() {
      const made = createSshRuntime({ hostId: sshd.alias as HostId, sshConfigPath: sshd.sshConfigPath });
      runtimes.push(made);
      return made;
    },
    async stop() {
      await Promise.all(runtimes.map((runtime) => runtime.close()));
      await sshd.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
