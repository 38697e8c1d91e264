/** What the tests of this package share: a real sshd, a runtime on it, and looks at this machine's processes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionState, HostId } from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import { type SshdOptions, startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { createSshRuntime, type SshRuntime, type SshRuntimeOptions } from '../runtime.ts';

export interface SshHost {
  readonly sshd: TestSshd;
  /** Where the runtimes keep their sockets. */
  readonly runtimeDirectory: string;
  /** One more runtime on the host; closed with it. */
  open(options?: Partial<SshRuntimeOptions>): SshRuntime;
  /** A runtime's options that lead to the host through another port, as of a proxy. */
  through(port: number): Partial<SshRuntimeOptions>;
  close(): Promise<void>;
}

export async function startSshHost(options: SshdOptions = {}): Promise<SshHost> {
  const sshd = await startSshd(options);
  const runtimeDirectory = mkdtempSync(join(tmpdir(), 'fh-run-'));
  const runtimes: SshRuntime[] = [];
  return {
    sshd,
    runtimeDirectory,
    open: (extra = {}) => {
      const runtime = createSshRuntime({
        hostId: sshd.alias as HostId,
        sshConfigPath: sshd.sshConfigPath,
        runtimeDirectory,
        environment: process.env,
        ...extra,
      });
      runtimes.push(runtime);
      return runtime;
    },
    through: (port) => {
      const path = join(sshd.directory, `through-${port}`);
      const config = readFileSync(sshd.sshConfigPath, 'utf8');
      writeFileSync(
        path,
        config.replace(`Port ${sshd.port}`, `Port ${port}\n  HostKeyAlias [127.0.0.1]:${sshd.port}`),
      );
      return { sshConfigPath: path };
    },
    close: async () => {
      await Promise.all(runtimes.map((runtime) => runtime.close()));
      await sshd.stop();
      rmSync(runtimeDirectory, { recursive: true, force: true });
    },
  };
}

/** Resolves when the connection is in a state that fits. */
export function untilState(
  runtime: Runtime,
  fits: (state: ConnectionState) => boolean,
): Promise<ConnectionState> {
  return new Promise((resolve) => {
    if (fits(runtime.connection())) return resolve(runtime.connection());
    const stop = runtime.watchConnection((state) => {
      if (!fits(state)) return;
      stop();
      resolve(state);
    });
  });
}

/** Asks again and again until it is so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Process ids of this machine whose argument list holds all of `words`. */
export function processesWith(...words: readonly string[]): number[] {
  return execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\n')
    .filter((line) => words.every((word) => line.includes(word)) && !line.includes(' ps -eo '))
    .map((line) => Number.parseInt(line, 10));
}

/** Every argument list on this machine now, the host's included. */
export function allArgumentLists(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      } catch {
        return '';
      }
    })
    .join('\n');
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
