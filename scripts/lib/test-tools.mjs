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
];

function isPresent(tool) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...tool.folders];
  return folders.some((folder) => existsSync(join(folder, tool.program)));
}

/** Puts in place what the tests run against: through apt as root, otherwise an error that says what to install. */
export async function ensureTestTools() {
  const missing = TOOLS.filter((tool) => !isPresent(tool));
  if (missing.length === 0) return;
  const packages = missing.map((tool) => tool.package);
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
