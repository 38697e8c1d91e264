/** Coder's workspaces: machines that can be started and stopped from here, and are reached as `coder.<name>`. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Actor } from '@farhand/shared/model/audit';
import type { CoderBuild, CoderWorkspace } from '@farhand/shared/model/coder';
import type { HostId } from '@farhand/shared/model/hosts';
import type { CallOutput } from '@farhand/shared/protocol/calls';
import type { AuditLog } from '../audit/audit.ts';
import type { RestingHosts } from '../hosts/resting-hosts.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Settings } from '../store/settings.ts';
import { createCoderApi } from './coder-api.ts';
import { createCoderCli } from './coder-cli.ts';
import type { CoderSource, ListedWorkspace } from './coder-source.ts';

export interface Coder {
  /** As the call `coder.list`; never rejects for what Coder says. */
  list(): Promise<CallOutput<'coder.list'>>;
  /** Resolves once it has begun. Throws `coder.*`. */
  start(name: string, by: Actor): Promise<void>;
  /** The same; throws `coder.in_use` too. */
  stop(name: string, how: { force: boolean; by: Actor }): Promise<void>;
  /** Throws what the first look answers. */
  connect(url: string, token: string, by: Actor): Promise<void>;
  disconnect(by: Actor): void;
  /** Ends what follows builds here; they go on at Coder. */
  close(): void;
}

export interface CoderDeps {
  readonly settings: Settings;
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** True where agents or terminals of ours run on the host. */
  readonly isInUse: (hostId: HostId) => boolean;
  /** Keeps us from connecting a machine that is stopped, which would start it; and lets us again. */
  readonly connections: Pick<RestingHosts, 'rest' | 'wake' | 'seenRunning'>;
}

const URL_SETTING = 'coder_url';
const TOKEN_SETTING = 'coder_token';
const LIST_TIMEOUT_MS = 20_000;
const BUILD_TIMEOUT_MS = 30 * 60_000;
const KEPT_LINES = 20;

export function createCoder(deps: CoderDeps): Coder {
  const { settings, vault, audit, environment, isInUse, connections } = deps;
  const closing = new AbortController();
  const builds = new Map<string, CoderBuild>();

  const source = (): CoderSource => {
    const url = settings.get(URL_SETTING);
    const sealed = settings.get(TOKEN_SETTING);
    return url !== null && sealed !== null
      ? createCoderApi({ url, token: vault.open(sealed, TOKEN_SETTING) })
      : createCoderCli({ command: 'coder', environment });
  };
  const listOf = (from: CoderSource) =>
    from.list(AbortSignal.any([closing.signal, AbortSignal.timeout(LIST_TIMEOUT_MS)]));
  const record = (by: Actor, summary: string, hostId: HostId | null) =>
    audit.record({
      kind: 'setting',
      actor: by,
      hostId,
      workspaceId: null,
      sessionId: null,
      summary,
      facts: {},
      output: null,
    });

  async function bring(name: string, to: 'start' | 'stop', by: Actor): Promise<void> {
    const from = source();
    const workspace = (await listOf(from)).find((one) => one.name === name);
    if (!workspace) throw new FarhandError('coder.not_found', { message: `Coder has no workspace ${name}.` });
    const { hostId } = workspace;
    const isThere = workspace.status === (to === 'start' ? 'running' : 'stopped');
    if (isUnderWay(builds.get(name))) return;
    if (!isThere) record(by, `${to === 'start' ? 'Started' : 'Stopped'} the Coder workspace ${name}`, hostId);
    // Before it stops: the end of the connection would be answered by connecting anew.
    if (to === 'stop') connections.rest(hostId);
    else connections.wake(hostId);
    if (isThere) return;
    let build: CoderBuild = {
      transition: to,
      startedAt: new Date().toISOString(),
      endedAt: null,
      lines: [],
      error: null,
    };
    const change = (part: Partial<CoderBuild>) => {
      build = { ...build, ...part };
      builds.set(name, build);
    };
    change({});
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(BUILD_TIMEOUT_MS)]);
    const onLine = (line: string) => change({ lines: [...build.lines, line].slice(-KEPT_LINES) });
    from.bring({ workspace, to, onLine, signal }).then(
      () => change({ endedAt: new Date().toISOString() }),
      (thrown: unknown) => {
        if (to === 'stop' && !closing.signal.aborted) connections.wake(hostId);
        change({ endedAt: new Date().toISOString(), error: errorOf(thrown) });
      },
    );
  }

  return {
    async list() {
      try {
        const from = source();
        const { kind, url } = from;
        try {
          // As they were before Coder was asked: no status is older than the end of a build beside it.
          const known = new Map(builds);
          const listed = await listOf(from);
          for (const { name, hostId, status } of listed) {
            // A stop that began meanwhile is newer than this.
            const isOld = builds.get(name) !== known.get(name) || isUnderWay(known.get(name));
            if (status === 'running' && !isOld) connections.seenRunning(hostId);
          }
          const workspaces = listed.map((one) => withBuild(one, known.get(one.name) ?? null));
          return { source: kind, url, workspaces, problem: null };
        } catch (thrown) {
          const isMissing = FarhandError.is(thrown, 'coder.not_installed');
          return { source: isMissing ? null : kind, url, workspaces: [], problem: errorOf(thrown) };
        }
      } catch (thrown) {
        return { source: 'api', url: settings.get(URL_SETTING), workspaces: [], problem: errorOf(thrown) };
      }
    },
    start: (name, by) => bring(name, 'start', by),
    async stop(name, { force, by }) {
      if (!force && isInUse(`coder.${name}` as HostId)) throw new FarhandError('coder.in_use');
      await bring(name, 'stop', by);
    },
    async connect(url, token, by) {
      checkUrl(url);
      await listOf(createCoderApi({ url, token }));
      record(by, `Connected Coder at ${new URL(url).origin}`, null);
      settings.set(URL_SETTING, url);
      settings.set(TOKEN_SETTING, vault.seal(token, TOKEN_SETTING));
    },
    disconnect(by) {
      record(by, 'Forgot Coder’s token', null);
      settings.set(URL_SETTING, null);
      settings.set(TOKEN_SETTING, null);
    },
    close: () => closing.abort(),
  };
}

function withBuild({ id: _id, ...shown }: ListedWorkspace, build: CoderBuild | null): CoderWorkspace {
  return { ...shown, build };
}

const isUnderWay = (build: CoderBuild | undefined) => build !== undefined && build.endedAt === null;

function errorOf(thrown: unknown) {
  const { code, message, hint, retryable } =
    thrown instanceof Error && thrown.name === 'TimeoutError'
      ? new FarhandError('coder.unreachable', { message: 'Coder did not answer in time.' })
      : FarhandError.from(thrown);
  return { code, message, hint, retryable };
}

// The token goes there with each request: only encrypted, but for this machine itself.
function checkUrl(url: string): void {
  const { protocol, hostname } = new URL(url);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && isHere)) return;
  throw new FarhandError('request.invalid', {
    message: 'Coder’s URL has to begin with https:// so that the token is not sent in the clear.',
  });
}
