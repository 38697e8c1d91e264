import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';

const TOOLS = [
  { program: 'sshd', package: 'openssh-server', folders: ['/usr/sbin', '/usr/local/sbin'] },
  { program: 'ssh', package: 'openssh-client', folders: [] },
  { program: 'git', package: 'git', folders: [] },
  { program: 'chromium', package: 'chromium', folders: [] },
  { program: 'script', package: 'bsdutils', folders: [] },
  // The odd hosts: login shells, a small userland, other holders of a terminal, a proxy command.
  { program: 'bash', package: 'bash', folders: ['/bin'] },
  { program: 'zsh', package: 'zsh', folders: [] },
  { program: 'fish', package: 'fish', folders: [] },
  { program: 'tcsh', package: 'tcsh', folders: [] },
  { program: 'dash', package: 'dash', folders: ['/bin'] },
  { program: 'mksh', package: 'mksh', folders: [] },
  { program: 'busybox', package: 'busybox', folders: ['/bin'] },
  { program: 'perl', package: 'perl', folders: [] },
  // Not one that a version manager has put on the PATH: it is looked for where a host has it.
  { program: 'python3', package: 'python3', folders: ['/usr/bin'], isSystems: true },
  { program: 'nc', package: 'netcat-openbsd', folders: ['/bin'] },
  { program: 'openssl', package: 'openssl', folders: [] },
  // What a host may have to hold agents in, and to let them do a little more.
  { program: 'bwrap', package: 'bubblewrap', folders: ['/usr/bin'] },
  { program: 'sudo', package: 'sudo', folders: ['/usr/bin'] },
  { program: 'visudo', package: 'sudo', folders: ['/usr/sbin'] },
];

function isPresent(tool) {
  const onPath = tool.isSystems ? [] : (process.env.PATH ?? '').split(delimiter);
  const folders = [...onPath, ...tool.folders];
  return folders.some((folder) => existsSync(join(folder, tool.program)));
}

/** Puts in place what the tests run against: through apt as root, otherwise an error that says what to install. */
export async function ensureTestTools() {
  const missing = TOOLS.filter((tool) => !isPresent(tool));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((tool) => tool.package))];
  if (process.getuid?.() !== 0 || !hasApt()) {
    throw new Error(
      `The tests need ${packages.join(', ')}. On Debian: sudo apt-get install ${packages.join(' ')}`,
    );
  }
  console.log(`Installing ${packages.join(', ')}…`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function hasApt() {
  try {
    execFileSync('apt-get', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
