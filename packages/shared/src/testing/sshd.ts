/** A real sshd for tests: own port, own keys, own configuration, own home; it touches nothing of the machine's. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

export interface SshdOptions {
  /** `MaxSessions`; sshd's own default (10) when absent. */
  readonly maxSessions?: number;
  /** `MaxStartups`, as `10:30:100`; sshd's own default when absent. */
  readonly maxStartups?: string;
  /** More lines for sshd_config. */
  readonly config?: readonly string[];
  /** Log in as this ordinary user, made for the test and removed with it. Ignored when not root: then it is us. */
  readonly asUser?: string;
  /** Lets that user in by this password, and by no key. Only with `asUser`, and only as root. */
  readonly password?: string;
  /** The login shell of `asUser`; bash when absent. */
  readonly shell?: string;
  /** The name of the home folder, as one with spaces; `home` when absent. */
  readonly homeName?: string;
  /** Variables of every session besides HOME. */
  readonly environment?: Readonly<Record<string, string>>;
  /** False for a host without the sftp subsystem. */
  readonly hasSftp?: boolean;
  /** Where it listens; 127.0.0.1 when absent. */
  readonly address?: string;
  /** A free port when absent. */
  readonly port?: number;
}

export interface TestSshd {
  readonly port: number;
  readonly user: string;
  /** What to give ssh: defined in the file at `sshConfigPath`. */
  readonly alias: string;
  readonly sshConfigPath: string;
  /** The home folder that sessions see; a temporary one. */
  readonly home: string;
  /** Holds everything above; removed by `stop`. */
  readonly directory: string;
  readonly hostKeyPath: string;
  /** Logins accepted so far. */
  logins(): number;
  /** All that sshd logged. */
  log(): string;
  /** Ends every connection as a broken network would; the programs started through them are left alone. */
  killConnections(): void;
  /** Ends sshd, its connections, its temporary user and its folder. */
  stop(): Promise<void>;
}

/** A running sshd on loopback. Needs `/usr/sbin/sshd`; a missing one is an error, so that no test passes without it. */
export async function startSshd(options: SshdOptions = {}): Promise<TestSshd> {
  const directory = mkdtempSync(join(tmpdir(), 'farhand-sshd-'));
  chmodSync(directory, 0o755);
  const home = join(directory, options.homeName ?? 'home');
  mkdirSync(home, { mode: 0o700 });
  const account = openAccount(options, home);
  try {
    const { port, files, sshd } = await launchOnFreePort({ directory, home, user: account.user, options });
    return {
      port,
      user: account.user,
      home,
      directory,
      alias: ALIAS,
      ...files.client,
      ...sshd.controls,
      stop,
    };

    async function stop(): Promise<void> {
      await sshd.end();
      // Jobs outlive a connection by design, and would outlive the test.
      for (const pid of processesAt(home)) killQuietly(pid);
      account.close();
      rmSync(directory, { recursive: true, force: true });
    }
  } catch (error) {
    account.close();
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

/** A port that was free may be taken by the time sshd is there: other tests run beside this one. */
async function launchOnFreePort({ options, ...others }: Omit<FileInputs, 'port'>) {
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const files = writeFiles({ ...others, port, options });
    try {
      const sshd = await launch(files.sshdConfigPath, `${options.address ?? ADDRESS} port ${port}`);
      return { port, files, sshd };
    } catch (error) {
      const isTaken = options.port === undefined && String(error).includes('Address already in use');
      if (!isTaken || attempt === 5) throw error;
    }
  }
}

const ALIAS = 'farhand-test';
const ADDRESS = '127.0.0.1';
const SSHD = '/usr/sbin/sshd';

interface Account {
  readonly user: string;
  close(): void;
}

function openAccount({ asUser: wanted, password, shell = '/bin/bash' }: SshdOptions, home: string): Account {
  const self = userInfo();
  if (wanted === undefined || self.uid !== 0) return { user: self.username, close: () => {} };
  // A locked password ("!") makes sshd refuse the account; "*" only means that no password fits.
  const hash = password === undefined ? '*' : hashOf(password);
  withPasswordFileLock(() =>
    execFileSync('useradd', ['-M', '-d', home, '-s', shell, '-p', hash, wanted], { stdio: 'pipe' }),
  );
  const [uid = '', gid = ''] = execFileSync('getent', ['passwd', wanted], { encoding: 'utf8' })
    .split(':')
    .slice(2, 4);
  chownSync(home, Number(uid), Number(gid));
  return { user: wanted, close: () => closeAccount(wanted) };
}

function hashOf(password: string): string {
  return execFileSync('openssl', ['passwd', '-6', '-stdin'], { input: password, encoding: 'utf8' }).trim();
}

function closeAccount(user: string): void {
  const pids = spawnText('ps', ['-o', 'pid=', '-u', user])
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 1);
  for (const pid of pids) killQuietly(pid);
  withPasswordFileLock(() => execFileSync('userdel', ['-f', user], { stdio: 'pipe' }));
}

// Test files run side by side and /etc/passwd has one lock.
function withPasswordFileLock(action: () => void): void {
  for (let attempt = 0; ; attempt++) {
    try {
      return action();
    } catch (error) {
      if (attempt === 50 || !String(error).includes('lock')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
}

interface FileInputs {
  readonly directory: string;
  readonly home: string;
  readonly port: number;
  readonly user: string;
  readonly options: SshdOptions;
}

function writeFiles({ directory, home, port, user, options }: FileInputs) {
  const hostKeyPath = join(directory, 'host_key');
  const userKeyPath = join(directory, 'user_key');
  for (const path of [hostKeyPath, userKeyPath]) {
    if (!existsSync(path))
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'farhand-test', '-f', path]);
  }
  const authorizedKeysPath = join(directory, 'authorized_keys');
  writeFileSync(authorizedKeysPath, readFileSync(`${userKeyPath}.pub`), { mode: 0o644 });
  const knownHostsPath = join(directory, 'known_hosts');
  const [kind, key] = readFileSync(`${hostKeyPath}.pub`, 'utf8').split(' ');
  writeFileSync(knownHostsPath, `[${options.address ?? ADDRESS}]:${port} ${kind} ${key}\n`);

  const sshdConfigPath = join(directory, 'sshd_config');
  writeFileSync(
    sshdConfigPath,
    sshdConfig({ hostKeyPath, authorizedKeysPath, directory, home, port, options }),
  );
  const sshConfigPath = join(directory, 'ssh_config');
  writeFileSync(
    sshConfigPath,
    [
      `Host ${ALIAS}`,
      `  HostName ${options.address ?? ADDRESS}`,
      `  Port ${port}`,
      `  User ${user}`,
      `  IdentityFile ${userKeyPath}`,
      '  IdentitiesOnly yes',
      '  IdentityAgent none',
      `  UserKnownHostsFile ${knownHostsPath}`,
      '  GlobalKnownHostsFile /dev/null',
      '',
    ].join('\n'),
  );
  return { sshdConfigPath, client: { sshConfigPath, hostKeyPath } };
}

interface ConfigInputs {
  readonly hostKeyPath: string;
  readonly authorizedKeysPath: string;
  readonly directory: string;
  readonly home: string;
  readonly port: number;
  readonly options: SshdOptions;
}

function sshdConfig(inputs: ConfigInputs): string {
  const { options } = inputs;
  return [
    // First, because sshd keeps the first value it reads.
    ...(options.config ?? []),
    `Port ${inputs.port}`,
    `ListenAddress ${options.address ?? ADDRESS}`,
    `HostKey ${inputs.hostKeyPath}`,
    `AuthorizedKeysFile ${inputs.authorizedKeysPath}`,
    `PidFile ${join(inputs.directory, 'sshd.pid')}`,
    'PermitRootLogin yes',
    ...(options.password === undefined ? [] : ['PubkeyAuthentication no', 'PasswordAuthentication yes']),
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    // The folder lies in the world-writable /tmp.
    'StrictModes no',
    'LogLevel VERBOSE',
    'PrintMotd no',
    'PrintLastLog no',
    `SetEnv ${setEnv({ ...options.environment, HOME: inputs.home })}`,
    ...(options.hasSftp === false ? [] : ['Subsystem sftp internal-sftp']),
    ...(options.maxSessions === undefined ? [] : [`MaxSessions ${options.maxSessions}`]),
    ...(options.maxStartups === undefined ? [] : [`MaxStartups ${options.maxStartups}`]),
    '',
  ].join('\n');
}

function setEnv(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `"${name}=${value}"`)
    .join(' ');
}

async function launch(configPath: string, place: string) {
  if (!existsSync(SSHD)) throw new Error(`${SSHD} is missing: install openssh-server to run these tests`);
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn(SSHD, ['-D', '-e', '-f', configPath], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let log = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes(`listening on ${place}`)) resolve();
    });
    child.once('error', reject);
    // Not `exit`: its last words may come after it.
    child.once('close', () => reject(new Error(`sshd did not start:\n${log}`)));
  });
  const controls = {
    logins: () => log.split(/Accepted (?:publickey|password|keyboard-interactive)/).length - 1,
    log: () => log,
    killConnections: () => connectionsOf(child).forEach(killQuietly),
  };
  const end = async () => {
    controls.killConnections();
    child.kill('SIGKILL');
    await exited;
  };
  return { controls, end };
}

/** The processes of sshd that serve a connection: children of the listener and, for an ordinary user, theirs. */
function connectionsOf(listener: ChildProcess): number[] {
  const rows = spawnText('ps', ['-eo', 'pid=,ppid=,comm='])
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((row) => row[2]?.startsWith('sshd'))
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
  const first = rows.filter((row) => row.parent === listener.pid).map((row) => row.pid);
  const second = rows.filter((row) => first.includes(row.parent)).map((row) => row.pid);
  return [...first, ...second];
}

function spawnText(program: string, args: string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    // `ps` ends with 1 where nothing matches.
    return '';
  }
}

/** Processes whose home is this host's: all that were started through its sshd, as far as we may see them. */
export function processesAt(home: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`HOME=${home}`);
      } catch {
        // It ended, or belongs to somebody else.
        return false;
      }
    });
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended between the listing and now.
  }
}

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
