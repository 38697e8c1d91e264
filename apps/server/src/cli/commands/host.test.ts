import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ConnectionState, Host, HostId, HostQuestion, HostWarning } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FrontDoor, openFrontDoor } from '../../api/testing/fixture.ts';
import { resolvePaths } from '../../config/paths.ts';
import { writeRunningServer } from '../../config/running-server.ts';
import type { Hosts } from '../../hosts/hosts.ts';
import type { Projects } from '../../projects/projects.ts';
import type { Workspaces } from '../../workspaces/workspaces.ts';
import { runProgram } from '../program.ts';

const GPU = 'gpu-1' as HostId;
const question = (part: Partial<HostQuestion>): HostQuestion => ({
  id: 'q1',
  kind: 'host_key',
  text: 'Are you sure?',
  subject: 'gpu-1.example.org',
  hostKey: { type: 'ED25519', fingerprint: 'SHA256:abcdef' },
  canRemember: false,
  askedAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2999-01-01T00:00:00.000Z',
  ...part,
});
const asking = (part: Partial<HostQuestion> = {}): ConnectionState => ({
  state: 'asking',
  question: question(part),
});
const CONNECTED: ConnectionState = { state: 'connected', latencyMs: 12 };
const PASSPHRASE = { id: 'q2', kind: 'passphrase', hostKey: null, text: 'Enter passphrase:' } as const;

describe('farhand host', () => {
  let folder: string;
  let door: FrontDoor;
  let connection: ConnectionState;
  let answers: unknown[];
  /** What the connection is after each answer, in order. */
  let next: ConnectionState[];
  let execEnds: Promise<void>;
  let warnings: HostWarning[];
  const workspace = { id: newId('workspace'), name: 'fix', hostId: GPU } as unknown as Workspace;
  const host = (): Host => ({
    id: GPU,
    label: GPU,
    source: 'ssh_config',
    connection,
    method: 'master',
    chosenMethod: null,
    sessionLimit: null,
    agentLimit: null,
    warnings,
    record: null,
    recordProblem: null,
    isDefault: false,
    learned: null,
  });
  const hosts = {
    list: () => Promise.resolve([host()]),
    configProblem: () => null,
    reconnect: () => Promise.resolve(),
    answer(id: HostId, { questionId, ...given }: { questionId: string; answer: string | null }) {
      if (connection.state !== 'asking' || connection.question.id !== questionId || id !== GPU)
        throw new FarhandError('host.question_not_found');
      answers.push(given);
      connection = next.shift() ?? CONNECTED;
    },
  } as unknown as Hosts;
  const workspaces = {
    list: () => [workspace],
    exec: async () => {
      await execEnds;
      return { exitCode: 0, signal: null, stdout: '', stderr: '', truncated: false };
    },
  } as unknown as Workspaces;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-cli-'));
    door = await openFrontDoor({
      hosts,
      workspaces,
      projects: { list: () => [] } as unknown as Projects,
    });
    const token = door.access.cliToken;
    writeRunningServer(join(folder, 'server.json'), { pid: 1, url: door.origin, version: 'test', token });
    answers = [];
    next = [];
    warnings = [];
    execEnds = Promise.resolve();
  });
  afterEach(async () => {
    await door.close();
    rmSync(folder, { recursive: true });
  });

  interface Typing {
    readonly lines?: readonly (string | null)[];
    onErr?(text: string): void;
  }
  const run = async (argv: string[], { lines = [], onErr }: Typing = {}) => {
    const [out, err, prompts]: [string[], string[], [string, boolean][]] = [[], [], []];
    const typed = [...lines];
    const status = await runProgram(argv, {
      streams: {
        out: { write: (text) => out.push(String(text)) > 0 },
        err: { write: (text) => (onErr?.(String(text)), err.push(String(text)) > 0) },
      },
      isInteractive: true,
      hasDisplay: false,
      paths: resolvePaths({ FARHAND_HOME: folder }, '/'),
      startServer: () => Promise.reject(new Error('not part of this test')),
      untilStopped: () => Promise.resolve(),
      ask(prompt, isSecret) {
        prompts.push([prompt, isSecret]);
        return Promise.resolve(typed.shift() ?? null);
      },
      openBrowser: () => {},
      versionOf: () => Promise.resolve(null),
    });
    return { status, out: out.join(''), err: err.join(''), prompts };
  };

  it('lists how each host is connected, and the command that answers', async () => {
    connection = asking();
    expect((await run(['host', 'list'])).out).toMatch(
      /gpu-1 +master +asks whether to trust its key \(farhand host answer gpu-1\)/,
    );
    connection = {
      state: 'refused',
      code: 'host.auth_failed',
      message: 'no\u001b[31m',
      hint: null,
      keyChange: null,
    };
    expect((await run(['host', 'list'])).out).toContain('refused: no\uFFFD[31m');
    expect(JSON.parse((await run(['host', 'list', '--json'])).out).hosts[0].id).toBe(GPU);
  });

  it('shows a key with its fingerprint, asks what follows without echo, and says that it is connected', async () => {
    connection = asking();
    next = [asking(PASSPHRASE)];
    const ran = await run(['host', 'answer', 'gpu-1', '--remember'], { lines: ['yes', 'open sesame'] });
    expect(ran.prompts.map(([, isSecret]) => isSecret)).toEqual([false, true]);
    expect(ran.prompts[0]?.[0]).toContain('ED25519  SHA256:abcdef');
    expect(answers).toEqual([
      { answer: 'yes', remember: true },
      { answer: 'open sesame', remember: true },
    ]);
    expect(ran.out).toBe('gpu-1: connected, 12 ms\n');
    expect(ran.out + ran.err).not.toContain('open sesame');
  });

  it('takes only the word yes for trust, and refuses at the end of the input', async () => {
    const refused: ConnectionState = {
      state: 'refused',
      code: 'host.key_unknown',
      message: 'Its key was not trusted.',
      hint: null,
      keyChange: null,
    };
    for (const line of ['y', '', null]) {
      connection = asking();
      next = [refused];
      const ran = await run(['host', 'answer', 'gpu-1'], { lines: [line] });
      expect(ran.status).toBe(1);
      expect(ran.err).toContain('Its key was not trusted.');
    }
    expect(answers).toEqual([null, null, null].map((answer) => ({ answer, remember: false })));
  });

  it('says so where nothing is asked', async () => {
    connection = CONNECTED;
    const ran = await run(['host', 'answer', 'gpu-1']);
    expect(ran.status).toBe(1);
    expect(ran.err).toContain('gpu-1 asks nothing: connected, 12 ms.');
    expect((await run(['host', 'answer', 'gpu-9'])).err).toContain('No host is called gpu-9.');
  });

  it('connects now, and tells what came of it', async () => {
    connection = CONNECTED;
    expect((await run(['host', 'retry', 'gpu-1'])).out).toBe('gpu-1: connected, 12 ms\n');
    connection = asking(PASSPHRASE);
    expect((await run(['host', 'retry', 'gpu-1'])).out).toBe(
      'gpu-1 asks for a passphrase: run `farhand host answer gpu-1`.\n',
    );
  });

  it('tells what a host warns of, with what helps, in all that shows the host', async () => {
    connection = CONNECTED;
    warnings = [{ code: 'host.kills_at_logout', message: 'Ends\u001b all.', hint: 'Run linger.' }];
    expect((await run(['host', 'list'])).out).toMatch(
      /gpu-1 +master +connected, 12 ms\n +warning: Ends\uFFFD all\.\n +Run linger\.\n$/,
    );
    expect((await run(['host', 'retry', 'gpu-1'])).out).toBe(
      'gpu-1: connected, 12 ms\nwarning: Ends\uFFFD all.\nRun linger.\n',
    );
    for (const argv of [['doctor'], ['doctor', '--hosts']])
      expect((await run(argv)).out).toMatch(/· +gpu-1 +Ends\uFFFD all\.\n +Run linger\./);
  });

  it('tells a command that waits for an answer how to give it, once', async () => {
    connection = asking(PASSPHRASE);
    let told = (): void => {};
    execEnds = new Promise((resolve) => (told = resolve));
    const ran = await run(['exec', 'fix', '--', 'ls'], { onErr: () => told() });
    expect(ran.status).toBe(0);
    expect(ran.err).toBe('farhand: gpu-1 asks for a passphrase: run `farhand host answer gpu-1`.\n');
  });
});
