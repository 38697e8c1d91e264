import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import type { Approval } from '@farhand/shared/model/approvals';
import type { Actor } from '@farhand/shared/model/audit';
import type { HostId } from '@farhand/shared/model/hosts';
import type { Run } from '@farhand/shared/model/runs';
import type { CallInput } from '@farhand/shared/protocol/calls';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import type { Approvals } from '../../approvals/approvals.ts';
import { createApprovals } from '../../approvals/create-approvals.ts';
import { judge } from '../../approvals/policy/policy.ts';
import { createAuditLayer } from '../../audit/layer/audit-layer.ts';
import { recordedAudit } from '../../audit/testing/recorded-audit.ts';
import type { Judgement } from '../../policy/policy.ts';
import { createTranscripts } from '../../transcripts/transcripts.ts';
import { type Bench, openBench } from '../../workspaces/testing/bench.ts';
import { createRuns, type RunsDeps } from '../create-runs.ts';
import { NO_PROJECT } from '../run-places.ts';
import type { Runs } from '../runs.ts';

const BY_CLI: Actor = { kind: 'cli', name: null };
export const BY_TOKEN: Actor = { kind: 'token', name: 'deploy-bot' };

/** One server's runs; several can have the same store, one after the other. */
export interface RunServer {
  readonly runs: Runs;
  readonly approvals: Approvals;
  close(): void;
}

/** Runs over a real store, a real sshd and real approvals. */
export class RunBench {
  readonly bench: Bench;
  readonly sshd: TestSshd;
  readonly audit = recordedAudit();
  /** What a rule of the person's says to a command; null leaves it to the preset. */
  rule: ((command: string) => Judgement | null) | null = null;
  readonly #servers: RunServer[] = [];
  server: RunServer;

  /** Events that were logged as warnings. */
  readonly warned: string[] = [];

  static async start(): Promise<RunBench> {
    return new RunBench(await startSshd());
  }

  constructor(sshd: TestSshd) {
    this.sshd = sshd;
    const hostId = sshd.alias as HostId;
    const runtime = createSshRuntime({ hostId, sshConfigPath: sshd.sshConfigPath });
    this.bench = openBench({ hostId, runtime, home: sshd.home });
    this.server = this.connect();
  }

  get hostId(): HostId {
    return this.sshd.alias as HostId;
  }

  get runs(): Runs {
    return this.server.runs;
  }

  /** Closes the server of before and opens one over the same store, as after a restart. */
  restart(part: Partial<RunsDeps> = {}): RunServer {
    this.server.close();
    this.server = this.connect(part);
    this.server.runs.resumeAll();
    return this.server;
  }

  connect(part: Partial<RunsDeps> = {}): RunServer {
    const { db, feed, secrets, workspaces, hostTasks } = this.bench;
    const transcripts = createTranscripts({ db });
    const { audit } = this;
    const approvals = createApprovals({
      db,
      feed,
      transcripts,
      secrets,
      audit,
      policy: {
        judge: (judged, { preset, patterns }) =>
          (judged.subject.kind === 'command' && this.rule?.(judged.subject.command)) ||
          judge(judged, preset, patterns),
      },
    });
    const runtimes = { for: () => this.bench.runtime };
    const recorded = createAuditLayer({
      audit: { ...audit, lastOfJob: () => null, recordLater: audit.record } as never,
      redactor: (id) => secrets.redactor(id),
      sandboxOf: (_place, { profile = null }) => profile ?? 'none',
    });
    const runs = createRuns({
      db,
      approvals,
      secrets,
      workspaces,
      hostTasks,
      runtimes,
      resolveHost: (wanted) => (wanted ?? this.hostId) as HostId,
      hostDirectory: () => null,
      log: { info: () => {}, warn: (event) => void this.warned.push(event) },
      hostEnvironment: (runtime) => runtime,
      recorded: (runtime, use) =>
        recorded(
          runtime,
          { workspaceId: null, projectId: NO_PROJECT, hostId: this.hostId, directory: '/' },
          { kind: 'terminal', ...use },
        ),
      sandboxed() {
        throw new Error('no sandbox in this test');
      },
      ...part,
    });
    const server = {
      runs,
      approvals,
      close() {
        runs.close();
        approvals.close();
      },
    };
    this.#servers.push(server);
    return server;
  }

  start(input: Partial<CallInput<'run.start'>> & { argv: string[] }, by: Actor = BY_CLI): Promise<Run> {
    const whole = { host: null, workspaceId: null, cwd: null, profile: null, ...input };
    return this.runs.start(whole as Parameters<Runs['start']>[0], by);
  }

  /** As `sh`, by a server that began anew: its layers are made anew. */
  async restartedSh(script: string): Promise<Run> {
    this.restart();
    return this.sh(script);
  }

  sh(script: string, by: Actor = BY_CLI): Promise<Run> {
    return this.start({ argv: ['sh', '-c', script] }, by);
  }

  /** The run once it is over, with what it printed. */
  async over({ id }: Pick<Run, 'id'>): Promise<Run & { out: string; err: string; truncated: boolean }> {
    const { run, output } = await this.runs.get(id, 30_000);
    const text = (base64: string) => Buffer.from(base64, 'base64').toString();
    return { ...run, out: text(output.stdout), err: text(output.stderr), truncated: output.truncated };
  }

  question(): Approval {
    const [one, ...more] = this.server.approvals.open();
    if (!one || more.length > 0) throw new Error('there is not one open question');
    return one;
  }

  answer(kind: 'allow' | 'deny', { id, hash } = this.question(), server = this.server): void {
    const decision = kind === 'allow' ? { kind, scope: 'once' as const } : { kind };
    server.approvals.decide({ approvalId: id, hash, decision }, 'page');
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) server.close();
    await this.bench.close();
    await this.sshd.stop();
  }
}
