import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Scope } from '@farhand/shared/model/tokens';
import {
  type ModelScript,
  type ModelServer,
  startModelServer,
  TEST_MODEL,
} from '@farhand/shared/testing/model-server';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { type Call, createCall } from '../../cli/client.ts';

const PROGRAM = fileURLToPath(new URL('../../cli/farhand.ts', import.meta.url));
const SERVER_PACKAGE = fileURLToPath(new URL('../../..', import.meta.url));

/** A Farhand as a person runs it, from its sources, with a host over a real sshd, a model and a project. */
export interface ServedFarhand {
  readonly sshd: TestSshd;
  /** Of the server that runs now. */
  readonly url: string;
  /** The project's repository on this machine. */
  readonly repository: string;
  /** As the person at the command line. */
  readonly call: Call;
  /** The command and environment by which its command line is started. */
  readonly program: { command: string; args: string[]; env: Record<string, string>; cwd: string };
  token(scopes: Scope[], limits?: { hosts?: string[] }): Promise<{ id: string; value: string }>;
  /** Ends the server, and only that: its clients stay. */
  stop(): Promise<void>;
  /** Starts it again on its data folder; on another port, as it may be. */
  start(): Promise<void>;
  /** Allows the question as the person would, once it is there; what it was about. */
  allow(approvalId: string): Promise<void>;
  close(): Promise<void>;
}

export async function serveFarhand(script: ModelScript): Promise<ServedFarhand> {
  const folder = mkdtempSync(join(tmpdir(), 'farhand-mcp-'));
  const sshd = await startSshd();
  const model: ModelServer = await startModelServer(script);
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    FARHAND_HOME: join(folder, 'data'),
    FARHAND_SSH_CONFIG: sshd.sshConfigPath,
    FARHAND_MODEL_BASE_URL: model.url,
    FARHAND_MODEL: TEST_MODEL,
    FARHAND_MODEL_KEY: 'dummy-model-key',
  };
  const program = { command: process.execPath, args: ['--import', 'tsx', PROGRAM], env, cwd: SERVER_PACKAGE };
  const serve = () =>
    spawn(program.command, [...program.args, 'serve', '--port', '0', '--no-open'], {
      cwd: program.cwd,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  let child = serve();
  let url = await urlOf(child);
  const stop = async () => {
    if (child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  };
  const call = createCall(join(folder, 'data', 'server.json'));
  let made = 0;
  return {
    sshd,
    get url() {
      return url;
    },
    call,
    program,
    repository: makeRepository(join(folder, 'shop')),
    async token(scopes, { hosts = undefined } = {}) {
      made += 1;
      const input = { name: `t${made}`, scopes, ...(hosts && { hosts: hosts as never }) };
      const { token, value } = await call('token.create', input);
      return { id: token.id, value };
    },
    async allow(approvalId) {
      const { approvals } = await call('approval.list', { isOpen: true });
      const asked = approvals.find(({ id }) => id === approvalId);
      if (!asked) throw new Error(`${approvalId} is not open`);
      await call('approval.decide', {
        approvalId: asked.id,
        hash: asked.hash,
        decision: { kind: 'allow', scope: 'once' },
      });
    },
    stop,
    async start() {
      child = serve();
      url = await urlOf(child);
    },
    async close() {
      await stop();
      await model.close();
      await sshd.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

function urlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout)
      createInterface({ input: child.stdout }).on('line', (line) => {
        const url = /http:\/\/[^/\s]+/.exec(line);
        if (url) resolve(url[0]);
      });
    child.once('exit', (code) => reject(new Error(`The server ended with status ${code}.`)));
  });
}

function makeRepository(path: string): string {
  mkdirSync(path);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: path });
  git('init', '-q', '-b', 'main');
  writeFileSync(join(path, 'README.md'), '# Shop\n');
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
  return path;
}
