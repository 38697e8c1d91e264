/** A host with a sandbox on it, for tests: a home folder with what is to be hidden, and a workspace. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL_HOST } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { Command, ExecOptions, Runtime } from '@farhand/shared/runtime/port';
import { parse } from 'smol-toml';
import type { ConfigFile } from '../../config/config-file.ts';
import type { JobUse } from '../../protection/job-use.ts';
import type { ProtectedPlace } from '../../protection/protect.ts';
import { createSandboxes, type Sandboxes } from '../sandboxes.ts';

export const BY_PERSON: JobUse = {
  kind: 'terminal',
  sessionId: null,
  by: { kind: 'page', name: null },
};

/** A workspace of its own in this folder. */
export function placeAt(directory: string): ProtectedPlace {
  return {
    workspaceId: newId('workspace'),
    projectId: newId('project'),
    hostId: LOCAL_HOST,
    directory,
  };
}

export interface Ran {
  readonly code: number | string;
  readonly out: string;
  readonly err: string;
}

/** Fills a home folder with what no sandbox may show; gives the folder of a workspace in it. */
export function fillHome(home: string): string {
  const put = (path: string, text: string) => {
    mkdirSync(join(home, path, '..'), { recursive: true });
    writeFileSync(join(home, path), text, { mode: 0o600 });
  };
  put('.ssh/id_ed25519', 'PRIVATE-KEY');
  put('.aws/credentials', 'AWS-KEY');
  put('.config/gh/hosts.yml', 'GH-TOKEN');
  put('.netrc', 'NETRC-PASSWORD');
  put('.gitconfig', '[user]\n\tname = Ada\n\temail = ada@example.com\n');
  put('.codex/auth.json', 'CODEX-LOGIN');
  put('.gemini/oauth.json', 'GEMINI-LOGIN');
  put('notes.txt', 'PRIVATE-NOTES');
  put('.farhand/jobs/job_other/run', 'OTHER-JOB');
  mkdirSync(join(home, '.farhand/lib'));
  put('.farhand/workspaces/other/file', 'OTHER-WORKSPACE');
  put('.farhand/workspaces/mine/file', 'MINE');
  return join(home, '.farhand/workspaces/mine');
}

/** Sandboxes whose own profiles are this TOML text. */
export function sandboxesOf(
  runtime: Runtime,
  profile: () => string,
  toml = '',
  secretFolders?: (home: string) => readonly string[],
): Sandboxes {
  const values = parse(toml);
  const config: Pick<ConfigFile, 'path' | 'read' | 'problem'> = {
    path: '/config.toml',
    read: () => values,
    problem: () => null,
  };
  return createSandboxes({
    config,
    runtimes: { for: () => runtime },
    profileOf: profile,
    ...(secretFolders ? { secretFolders } : {}),
  });
}

export async function ran(runtime: Runtime, command: Command, options: ExecOptions = {}): Promise<Ran> {
  const { outcome, stdout, stderr } = await runtime.exec(command, options);
  return {
    code: outcome.kind === 'exited' ? outcome.code : outcome.kind,
    out: new TextDecoder().decode(stdout),
    err: new TextDecoder().decode(stderr),
  };
}

/** Runs it as a job to its end. */
export async function ranAsJob(
  runtime: Runtime,
  script: string,
  { cwd, env }: { cwd: string; env?: Record<string, string> },
): Promise<Ran> {
  const id = newId('job');
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const exit = await runtime.jobs.attach(id, {
    start: { id, command: { script }, cwd, ...(env ? { env } : {}) },
    onOutput: (stream, _offset, bytes) => void (stream === 'out' ? out : err).push(bytes),
  });
  await runtime.jobs.remove(id);
  const text = (parts: Uint8Array[]) => Buffer.concat(parts).toString('utf8');
  const code = exit === 'detached' || exit.kind !== 'exited' ? JSON.stringify(exit) : exit.code;
  return { code, out: text(out), err: text(err) };
}

/** Every process of this machine with its arguments. */
export function allArguments(): string {
  return execFileSync('ps', ['axww', '-o', 'args=']).toString('utf8');
}
