/** Looks at a destination by ssh without signing in there. */
import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostId } from '@farhand/shared/model/hosts';
import type { HostDestination } from '@farhand/shared/runtime/port';
import { quote } from '@farhand/shared/runtime/quote';
import {
  destinationArguments,
  hasStreams,
  knockArguments,
  notStarted,
  resolve,
  type SshTarget,
} from './config.ts';
import { readDirectSettings } from './direct/settings.ts';
import { readSshError } from './errors.ts';

interface ProbeOptions {
  readonly sshProgram?: string;
  readonly sshConfigPath?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

const KNOCK_TIMEOUT_MS = 30_000;
const STDERR_LIMIT = 64 * 1024;
/** sshd's last words to whom it does not let in. */
const DENIED = /Permission denied \(([\w,-]+)\)\.?\s*$/m;

/** See the server's `SshProbe`. */
export function createSshProbe(options: ProbeOptions) {
  const targetOf = (destination: HostDestination): SshTarget => ({
    ...options,
    hostId: destination.host as HostId,
    destination,
  });
  return {
    async resolve(destination: HostDestination) {
      const target = targetOf(destination);
      const resolved = await resolve(target);
      const { settings, hostname, port, user } = resolved;
      const isSet = (key: string) => !['', 'none'].includes(settings.get(key)?.[0] ?? '');
      return {
        hostname,
        port,
        user,
        isProxied: isSet('proxycommand') || isSet('proxyjump'),
        ...filesOf(target, resolved),
        strictHostKeyChecking: settings.get('stricthostkeychecking')?.[0] ?? 'ask',
      };
    },
    async knock(destination: HostDestination, signal: AbortSignal) {
      const target = targetOf(destination);
      const { stderr, isAborted } = await run(target, knockArguments(target), signal);
      if (isAborted) throw new FarhandError('host.timed_out', { details: { hostId: target.hostId } });
      const denied = DENIED.exec(stderr);
      if (denied) return { methods: (denied[1] ?? '').split(',') };
      // Without a word: it let us in, and nothing was asked for.
      if (stderr.trim() === '') return { methods: ['none'] };
      throw readSshError(stderr, target);
    },
    command(destination: HostDestination) {
      const config = options.sshConfigPath === undefined ? [] : ['-F', options.sshConfigPath];
      const { identityFile } = destination;
      const others = destinationArguments(targetOf({ ...destination, identityFile: null }));
      const words = [
        ...config,
        ...(identityFile === null ? [] : ['-i', identityFile, '-o', 'IdentitiesOnly=yes']),
        ...others.filter((word) => word !== '--'),
      ];
      return ['ssh', ...words.map(shown)].join(' ');
    },
  };
}

// The paths as the direct connection reads them; where it could not connect at all, there are still the plain ones.
function filesOf(target: SshTarget, resolved: Awaited<ReturnType<typeof resolve>>) {
  try {
    const { identityFiles, userKnownHosts, globalKnownHosts } = readDirectSettings(target, resolved);
    return { identityFiles, knownHostsFiles: [...userKnownHosts, ...globalKnownHosts] };
  } catch {
    const home = (file: string) => (file.startsWith('~/') ? `${homedir()}${file.slice(1)}` : file);
    return { identityFiles: resolved.identityFiles.map(home), knownHostsFiles: [] };
  }
}

function run(
  target: SshTarget,
  args: string[],
  signal: AbortSignal,
): Promise<{ stderr: string; isAborted: boolean }> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(KNOCK_TIMEOUT_MS)]);
  return new Promise((done, reject) => {
    // Of its own session, so that nothing it starts asks on our terminal.
    const child = spawn(target.sshProgram ?? 'ssh', args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
      env: target.environment,
    });
    const stop = () => child.kill('SIGKILL');
    child.once('error', (error) => reject(notStarted(error)));
    if (!hasStreams(child)) return;
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < STDERR_LIMIT) stderr += text;
    });
    limit.addEventListener('abort', stop);
    if (limit.aborted) stop();
    child.once('close', () => {
      limit.removeEventListener('abort', stop);
      done({ stderr, isAborted: limit.aborted });
    });
  });
}

const shown = (word: string) => (/^[\w@%+=:,./~[\]-]+$/.test(word) ? word : quote(word));
