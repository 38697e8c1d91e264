import { posix } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Actor } from '@farhand/shared/model/audit';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { CallOutput, ParsedInput } from '@farhand/shared/protocol/calls';
import type { Secrets } from '../secrets/secrets.ts';
import type { ReadyWorkspace } from '../workspaces/workspaces.ts';
import { AskedWrites, type AskedWritesDeps, deniedWrite } from './asked-writes.ts';
import { bytesAt, inside } from './place.ts';
import { patchOf } from './write-question.ts';

/** Files of workspaces for other programs: bounded, inside the workspace alone, and written by the policy. */
export interface WorkspaceFiles {
  /** As the call `file.list`. */
  list(input: ParsedInput<'file.list'>, by: Actor): Promise<CallOutput<'file.list'>>;
  /** As the call `file.read`. */
  read(input: ParsedInput<'file.read'>, by: Actor): Promise<CallOutput<'file.read'>>;
  /** As the call `file.write`. */
  write(input: ParsedInput<'file.write'>, by: Actor): Promise<CallOutput<'file.write'>>;
  /** As the call `file.write_result`; sooner where `signal` is aborted. */
  writeResult(
    input: ParsedInput<'file.write_result'>,
    signal: AbortSignal,
  ): Promise<CallOutput<'file.write_result'>>;
  /** At the server's start: goes on with writes that a person was asked about. */
  resumeAll(): void;
  /** Leaves what is asked to the next server. */
  close(): void;
}

interface WorkspaceFilesDeps extends AskedWritesDeps {
  readonly secrets: Pick<Secrets, 'redactor'>;
}

/** What git, or Farhand when it makes a fork, runs and reads by itself: who writes there runs commands. */
const RUN_BY_ITSELF = /(^|\/)(\.git|\.farhand)(\/|$)/i;
/** It is read whole for each piece. */
const MAX_READ_BYTES = 8 * 1024 * 1024;

export function createWorkspaceFiles(deps: WorkspaceFilesDeps): WorkspaceFiles {
  const { workspaces, secrets } = deps;
  const asked = new AskedWrites(deps);
  const readyFor = (id: WorkspaceId, by: Actor) =>
    workspaces.ready(id, { kind: 'terminal', sessionId: null, by });
  return {
    async list({ workspaceId, path, limit }, by) {
      const ready = readyFor(workspaceId, by);
      const { real } = await inside(ready, path);
      // One more than wanted tells whether there are more.
      const found = await ready.runtime.files.list(real, { limit: limit + 1 });
      const entries = found.slice(0, limit).map(({ name, kind, sizeBytes, modifiedAtMs }) => ({
        name,
        kind,
        sizeBytes,
        modifiedAt: new Date(modifiedAtMs).toISOString(),
      }));
      return { entries, isTruncated: found.length > limit };
    },
    async read({ workspaceId, path, offset, limit, encoding }, by) {
      const ready = readyFor(workspaceId, by);
      const { real } = await inside(ready, path);
      const whole = await readWhole(ready, real, path);
      // Of the whole file, and then the piece: a value at a border would be known by its halves.
      const mask = secrets.redactor(ready.workspace.projectId).bytes();
      const covered = Buffer.concat([mask.push(whole), mask.end()]);
      const bytes = covered.subarray(offset, offset + limit);
      const end = offset + bytes.byteLength;
      const nextOffset = end < covered.byteLength && bytes.byteLength > 0 ? end : null;
      const content = encoding === 'utf8' ? textOf(bytes, path) : bytes.toString('base64');
      return { content, encoding, sizeBytes: covered.byteLength, nextOffset };
    },
    async write({ workspaceId, path, content, encoding }, by) {
      const ready = readyFor(workspaceId, by);
      const target = await inside(ready, path);
      const root = await ready.runtime.files.realpath(ready.directory);
      if ([target.shown, posix.relative(root, target.real)].some((one) => RUN_BY_ITSELF.test(one)))
        throw new FarhandError('file.write_denied', {
          message: `${path} is in a folder of git’s or Farhand’s own, which no other program may write.`,
        });
      const bytes = Buffer.from(content, encoding);
      const { shown, real } = target;
      const before = await bytesAt(ready, real);
      const patch = secrets.redactor(ready.workspace.projectId).text(patchOf(shown, before, bytes));
      const posed = asked.pose({ ready, by, path: shown, real, before, bytes, patch });
      const sizeBytes = bytes.byteLength;
      if (!('kind' in posed)) return { state: 'asking', approvalId: posed.id, sizeBytes };
      if (posed.kind !== 'allowed') throw deniedWrite(posed);
      await ready.runtime.files.write(real, bytes);
      workspaces.refreshChanges(workspaceId);
      return { state: 'written', approvalId: null, sizeBytes };
    },
    writeResult: (input, signal) => asked.result(input, signal),
    resumeAll: () => asked.resumeAll(),
    close: () => asked.close(),
  };
}

async function readWhole({ runtime }: ReadyWorkspace, real: string, path: string): Promise<Uint8Array> {
  const bytes = await runtime.files.read(real, { limit: MAX_READ_BYTES + 1 });
  if (bytes.byteLength <= MAX_READ_BYTES) return bytes;
  throw new FarhandError('file.too_large', {
    message: `${path} is larger than 8 MiB.`,
    hint: 'Run a program in the workspace that shows the part you need.',
  });
}

// A letter may be cut in two where the piece begins or ends: that alone does not make it no text.
function textOf(bytes: Uint8Array, path: string): string {
  if (bytes.includes(0)) throw new FarhandError('file.not_text', { message: `${path} is not text.` });
  return new TextDecoder('utf8').decode(bytes);
}
