/** The first steps of a test: from a name to a host that has let us in. */
import { lookup } from 'node:dns/promises';
import { createConnection } from 'node:net';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ErrorCode } from '@farhand/shared/errors/table';
import type { ConnectionState, HostQuestion } from '@farhand/shared/model/hosts';
import type { HostDestination, Runtime } from '@farhand/shared/runtime/port';
import type { ResolvedDestination, SshProbe } from '../../runtimes/registry.ts';
import { unlessAborted } from '../../workspaces/deadline.ts';
import { printableLine } from '../printable.ts';
import type { TestRun } from './test-run.ts';

const CONNECT_TIMEOUT_MS = 15_000;
const MAX_BANNER_BYTES = 255;
const PROXIED = 'Through a proxy or jump host: seen when signing in.';

/** Told before there is a key to look at. */
const BEFORE_THE_KEY: readonly string[] = [
  'host.unknown',
  'host.unreachable',
  'host.refused',
  'host.timed_out',
  'host.proxy_failed',
  'host.forwarding_failed',
  'host.protocol_mismatch',
];
const OF_THE_KEY: readonly string[] = ['host.key_unknown', 'host.key_changed', 'host.key_revoked'];
const BY_SYSTEM: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: 'host.refused',
  ETIMEDOUT: 'host.timed_out',
};

/** `resolve`: ssh's configuration, then the name. Null where it failed. */
export async function resolveStep(
  run: TestRun,
  probe: SshProbe,
  destination: HostDestination,
): Promise<ResolvedDestination | null> {
  run.begin('resolve');
  try {
    const resolved = await probe.resolve(destination);
    const { hostname, port, user, isProxied } = resolved;
    // A proxy may know names that this machine does not.
    const address = isProxied ? null : await addressOf(hostname);
    const shown = address === null || address === hostname ? '' : ` (${address})`;
    run.end('resolve', { state: 'ok', detail: `${user} at ${hostname}${shown}, port ${port}` });
    return resolved;
  } catch (thrown) {
    run.fail('resolve', thrown);
    return null;
  }
}

/** `connect`: a socket to the port, and who answers there. False where it failed. */
export async function connectStep(
  run: TestRun,
  { hostname, port, isProxied }: ResolvedDestination,
): Promise<boolean> {
  if (isProxied) {
    run.end('connect', { state: 'skipped', detail: PROXIED });
    return true;
  }
  run.begin('connect');
  try {
    const banner = await bannerOf(hostname, port, run.signal);
    run.end('connect', { state: 'ok', detail: `Port ${port} answers: ${banner}` });
    return true;
  } catch (thrown) {
    run.fail('connect', thrown);
    return false;
  }
}

/** `host_key`, without signing in. An unknown key leaves the step open: the sign-in asks for it. False where it failed. */
export async function hostKeyStep(
  run: TestRun,
  probe: SshProbe,
  { destination, isProxied }: { destination: HostDestination; isProxied: boolean },
): Promise<boolean> {
  run.begin('host_key');
  if (isProxied) return true;
  try {
    const { methods } = await probe.knock(destination, run.signal);
    const offered = printableLine(methods.join(', '));
    run.end('host_key', { state: 'ok', detail: `The key is on record. The host takes: ${offered}` });
    return true;
  } catch (thrown) {
    if (FarhandError.is(thrown, 'host.key_unknown')) return true;
    run.fail('host_key', thrown);
    return false;
  }
}

/** `authenticate`, with what is open of the steps before it. A person answers what ssh asks. False where it failed. */
export async function signInStep(run: TestRun, runtime: Runtime): Promise<boolean> {
  let asked: HostQuestion | null = null;
  const follow = (connection: ConnectionState) => {
    const question = connection.state === 'asking' ? connection.question : null;
    asked = question ?? asked;
    run.ask(question);
    // What comes after the question for the key comes after the key.
    if (question && question.kind !== 'host_key') keyIsTrusted(run, asked);
  };
  const unwatch = runtime.watchConnection(follow);
  run.begin('authenticate');
  try {
    await unlessAborted(runtime.reconnect?.() ?? Promise.resolve(), run.signal);
    keyIsTrusted(run, asked);
    const user = runtime.address?.()?.user;
    run.end('authenticate', {
      state: 'ok',
      detail: user === undefined ? 'Signed in' : `Signed in as ${user}`,
    });
    return true;
  } catch (thrown) {
    failWhereItDid(run, FarhandError.from(thrown), asked);
    return false;
  } finally {
    unwatch();
    run.ask(null);
  }
}

function keyIsTrusted(run: TestRun, asked: HostQuestion | null): void {
  if (!run.isAt('host_key', 'running')) return;
  const wasAsked = asked?.hostKey ? `Trusted now: ${asked.hostKey.type} ${asked.hostKey.fingerprint}` : null;
  run.end('host_key', { state: 'ok', detail: wasAsked ?? 'The key is on record.' });
}

function failWhereItDid(run: TestRun, error: FarhandError, asked: HostQuestion | null): void {
  const isOpen = run.isAt('host_key', 'running');
  if (isOpen && asked?.hostKey) {
    const { type, fingerprint } = asked.hostKey;
    run.end('host_key', {
      state: 'failed',
      code: 'host.key_unknown',
      detail: `The key is not known: ${type} ${fingerprint}`,
      hint: 'Compare the fingerprint with the host’s own (there: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then test again and trust it.',
    });
  } else if (isOpen && OF_THE_KEY.includes(error.code)) run.fail('host_key', error);
  else if (isOpen && BEFORE_THE_KEY.includes(error.code)) run.fail('connect', error);
  else {
    keyIsTrusted(run, asked);
    return run.fail('authenticate', error);
  }
  run.end('authenticate', { state: 'skipped' });
}

async function addressOf(hostname: string): Promise<string> {
  try {
    return (await lookup(hostname)).address;
  } catch (cause) {
    const message = `The name ${hostname} does not resolve.`;
    throw new FarhandError('host.unknown', { message, cause });
  }
}

function bannerOf(hostname: string, port: number, signal: AbortSignal): Promise<string> {
  const place = `${hostname}, port ${port}`;
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: hostname, port });
    let text = '';
    const late = () => fail('host.timed_out', `Nothing answers in time at ${place}.`);
    const timer = setTimeout(late, CONNECT_TIMEOUT_MS);
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', late);
      socket.destroy();
    };
    const fail = (code: ErrorCode, message: string, cause?: unknown) => {
      end();
      reject(new FarhandError(code, { message, cause }));
    };
    signal.addEventListener('abort', late, { once: true });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      fail(
        BY_SYSTEM[error.code ?? ''] ?? 'host.unreachable',
        `No connection to ${place} (${error.message}).`,
        error,
      ),
    );
    socket.on('end', () => fail('host.unreachable', `${place} hung up without a word.`));
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const named = /^SSH-[^\r\n]*/m.exec(text)?.[0];
      if (named !== undefined && /[\r\n]/.test(text)) {
        end();
        return resolve(printableLine(named));
      }
      if (text.length > MAX_BANNER_BYTES * 20)
        fail('host.protocol_mismatch', `No ssh server answers at ${place}.`);
    });
  });
}
