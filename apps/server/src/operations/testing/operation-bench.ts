import { mkdirSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { newId, type SessionId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { startSshd } from '@farhand/shared/testing/sshd';
import { type ConfigFile, openConfigFile } from '../../config/config-file.ts';
import type { JobUse } from '../../protection/job-use.ts';
import type { Protect } from '../../protection/protect.ts';
import { RunBench } from '../../runs/testing/run-bench.ts';
import { sessions } from '../../store/schema.ts';
import { followJob } from '../../workspaces/follow-job.ts';
import { createOperations } from '../create-operations.ts';
import type { Operations } from '../operations.ts';

/** Of the tokens that the bench's operations make. */
export const TOKEN_KEY = Buffer.alloc(32, 3);
const SIGNALS: Readonly<Record<string, number>> = constants.signals;

// As a shell tells it: its keeper on the host sees no difference either.
function statusOf(exit: Exit | 'detached'): number | null {
  if (exit === 'detached') return null;
  if (exit.kind === 'signaled') return 128 + (SIGNALS[exit.signal] ?? 0);
  return exit.kind === 'exited' ? exit.code : null;
}

/** What a job ended with. */
export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Operations over a real sshd, with sessions that are only known by their ids. */
export class OperationBench extends RunBench {
  readonly sessions: { id: SessionId; workspaceId: Workspace['id']; agent: string }[] = [];
  readonly configFile: ConfigFile;
  /** The sandbox that agents run in; none where null. */
  sandbox: Protect | null = null;
  #operations: Operations | null = null;

  static override async start(): Promise<OperationBench> {
    return new OperationBench(await startSshd());
  }

  constructor(...given: ConstructorParameters<typeof RunBench>) {
    super(...given);
    mkdirSync(this.bench.folder, { recursive: true });
    this.configFile = openConfigFile(join(this.bench.folder, 'config.toml'));
    this.open();
  }

  get operations(): Operations {
    if (!this.#operations) throw new Error('not open');
    return this.#operations;
  }

  /** What config.toml says from now on. */
  define(toml: string): void {
    writeFileSync(this.configFile.path, toml.replaceAll('$HOST', this.hostId));
  }

  /** Operations anew over the same store, and with the runs of the server that is open. */
  open(): void {
    this.#operations?.close();
    this.#operations = createOperations({
      db: this.bench.db,
      configFile: this.configFile,
      runs: this.server.runs,
      runtimeOf: () => this.bench.runtime,
      workspaces: this.bench.workspaces,
      sessions: { list: () => this.sessions as never },
      projects: this.bench.projects,
      tokenKey: () => TOKEN_KEY,
      log: { warn: (event) => void this.warned.push(event) },
    });
  }

  /** As a server that was killed and started again. */
  restartAll(part: Parameters<RunBench['restart']>[0] = {}): void {
    this.operations.close();
    this.restart(part);
    this.open();
    this.operations.resumeAll();
  }

  async makeWorkspace(name: string): Promise<Workspace & { directory: string }> {
    const known = this.bench.projects.list()[0];
    const shop = known ? null : this.bench.repository();
    shop?.importFiles([{ file: 'a.txt', text: 'a\n' }]);
    const projectId = known?.id ?? (await this.bench.projects.add(shop?.path ?? '')).id;
    const made = await this.bench.make({ projectId, name });
    if (made.directory === null) throw new Error('it has no folder');
    return { ...made, directory: made.directory };
  }

  session({ id: workspaceId }: Workspace, agent = 'codex'): SessionId {
    const id = newId('session');
    this.sessions.push({ id, workspaceId, agent });
    const now = new Date().toISOString();
    this.bench.db
      .insert(sessions)
      .values({
        id,
        workspaceId,
        agent,
        title: '',
        state: 'working',
        lastSeq: 0,
        usage: '{}',
        createdAt: now,
        updatedAt: now,
      })
      .run();
    return id;
  }

  /** What the session's agent, or a terminal (null), runs in the workspace. */
  async run(
    workspace: Workspace & { directory: string },
    sessionId: SessionId | null,
    script: string,
  ): Promise<Ended> {
    return (await this.begin(workspace, sessionId, script)).ended;
  }

  /** The same, once it was started. */
  async begin(
    workspace: Workspace & { directory: string },
    sessionId: SessionId | null,
    script: string,
  ): Promise<{ ended: Promise<Ended>; signal: (name: string) => Promise<void> }> {
    const agent = this.sessions.find(({ id }) => id === sessionId)?.agent ?? null;
    const use: JobUse =
      sessionId === null
        ? { kind: 'terminal', sessionId, by: { kind: 'page', name: null } }
        : { kind: 'agent', sessionId, by: { kind: 'agent', name: agent } };
    const { id: workspaceId, projectId, directory } = workspace;
    const place = { workspaceId, projectId, hostId: this.hostId, directory };
    const inner = this.sandbox?.(this.bench.runtime, place, use) ?? this.bench.runtime;
    const runtime = this.operations.layer(inner, place, use);
    const id = newId('job');
    const text = { out: '', err: '' };
    const command = { argv: ['sh', '-c', script] } as const;
    await runtime.jobs.start({ id, command, cwd: directory, label: workspaceId });
    const follow = async (): Promise<Ended> => {
      const exit = await followJob(this.bench.runtime, id, {
        onOutput: (stream, _offset, bytes) => void (text[stream] += Buffer.from(bytes).toString()),
      });
      return { status: statusOf(exit), ...text };
    };
    return { ended: follow(), signal: (name) => this.bench.runtime.jobs.signal(id, name) };
  }

  override async stop(): Promise<void> {
    this.operations.close();
    this.configFile.close();
    await super.stop();
  }
}
