import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Actor } from '@farhand/shared/model/audit';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { CallOutput, ParsedInput } from '@farhand/shared/protocol/calls';
import { resolveInside, type WorkspacePath } from '../agents/builtin/tools/paths.ts';
import { diffView } from '../agents/builtin/tools/text-file.ts';
import type { Approvals, ProgramAsker, ProgramRequest } from '../approvals/approvals.ts';
import type { Log } from '../logging/log.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { ReadyWorkspace, Workspaces } from '../workspaces/workspaces.ts';

/** Files of workspaces for other programs: bounded, inside the workspace alone, and written by the policy. */
export interface WorkspaceFiles {
  /** As the call `file.list`. */
  list(input: ParsedInput<'file.list'>, by: Actor): Promise<CallOutput<'file.list'>>;
  /** As the call `file.read`. */
  read(input: ParsedInput<'file.read'>, by: Actor): Promise<CallOutput<'file.read'>>;
  /** As the call `file.write`. */
  write(input: ParsedInput<'file.write'>, by: Actor): Promise<CallOutput<'file.write'>>;
  /** Withdraws the questions of writes that wait: their contents are not kept. */
  close(): void;
}

interface WorkspaceFilesDeps {
  readonly workspaces: Pick<Workspaces, 'ready' | 'refreshChanges'>;
  readonly secrets: Pick<Secrets, 'redactor'>;
  readonly approvals: Pick<Approvals, 'pose' | 'ask' | 'voidKey'>;
  readonly log: Pick<Log, 'warn'>;
}

/** What git, or Farhand when it makes a fork, runs and reads by itself: who writes there runs commands. */
const RUN_BY_ITSELF = /(^|\/)(\.git|\.farhand)(\/|$)/i;
/** It is read whole for each piece. */
const MAX_READ_BYTES = 8 * 1024 * 1024;
/** A diff of more than this is too long to be judged by a person. */
const MAX_SHOWN_BYTES = 512 * 1024;

interface Write {
  readonly ready: ReadyWorkspace;
  readonly target: WorkspacePath;
  readonly bytes: Uint8Array;
  /** Null where there was no file. */
  readonly before: Uint8Array | null;
}

export function createWorkspaceFiles(deps: WorkspaceFilesDeps): WorkspaceFiles {
  const { workspaces, secrets, approvals, log } = deps;
  const closing = new AbortController();
  const waiting = new Set<string>();
  const readyFor = (id: WorkspaceId, by: Actor) =>
    workspaces.ready(id, { kind: 'terminal', sessionId: null, by });
  const carryOut = async (write: Write) => {
    const { files } = write.ready.runtime;
    await files.write(write.target.real, write.bytes);
    workspaces.refreshChanges(write.ready.workspace.id);
  };
  const onceAllowed = async (write: Write, asker: ProgramAsker, request: ProgramRequest) => {
    waiting.add(request.key);
    try {
      const decision = await approvals.ask(asker, request, closing.signal);
      if (decision.kind !== 'allowed') return;
      // What was allowed is the change that was shown, not one of something else, nor elsewhere by a link.
      const { real } = await inside(write.ready, write.target.shown);
      const isAsShown = real === write.target.real && isSame(await bytesOf(write), write.before);
      if (isAsShown) await carryOut(write);
      else log.warn('file.changed_meanwhile', { workspaceId: write.ready.workspace.id });
    } catch (error) {
      log.warn('file.not_written', { workspaceId: write.ready.workspace.id, error });
    } finally {
      waiting.delete(request.key);
    }
  };
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
      const write = { ready, target, bytes, before: await bytesOf({ ready, target }) };
      const mask = (text: string) => secrets.redactor(ready.workspace.projectId).text(text);
      const [asker, request] = questionOf(write, by, mask);
      const posed = approvals.pose(asker, request);
      if ('kind' in posed) {
        if (posed.kind !== 'allowed')
          throw new FarhandError('file.write_denied', {
            ...('reason' in posed && posed.reason !== null && { message: posed.reason }),
          });
        await carryOut(write);
        return { state: 'written', approvalId: null, sizeBytes: bytes.byteLength };
      }
      if (!waiting.has(request.key)) void onceAllowed(write, asker, request);
      return { state: 'asking', approvalId: posed.id, sizeBytes: bytes.byteLength };
    },
    close() {
      const reason = 'The server stopped before it was answered; ask again.';
      for (const key of waiting) approvals.voidKey(null, key, reason);
      closing.abort();
    },
  };
}

const inside = (ready: ReadyWorkspace, path: string): Promise<WorkspacePath> =>
  resolveInside({ directory: ready.directory, host: { do: (work) => work(ready.runtime) } }, path);

function questionOf(
  { ready, target, bytes, before }: Write,
  by: Actor,
  mask: (text: string) => string,
): [ProgramAsker, ProgramRequest] {
  const { workspace, directory } = ready;
  const digest = createHash('sha256').update(target.real).update('\0').update(bytes).digest('hex');
  return [
    {
      session: null,
      by,
      hostId: workspace.hostId,
      workspace,
      forSession: null,
      preset: workspace.approvalPolicy,
    },
    {
      // The same write asked for twice is one question.
      key: `write:${workspace.id}:${digest}`,
      title: `Write ${target.shown}`,
      cwd: directory,
      subject: { kind: 'edit', files: [{ path: target.shown, patch: mask(patchOf(target, before, bytes)) }] },
      effect: 'edit',
      paths: [target.real],
    },
  ];
}

function patchOf({ shown }: WorkspacePath, before: Uint8Array | null, after: Uint8Array): string {
  const [old, now] = [lenientText(before), lenientText(after)];
  const view = old === null || now === null ? null : diffView(shown, old, now);
  if (view?.kind === 'diff') return view.patch;
  return `${shown}: ${before?.byteLength ?? 0} bytes become ${after.byteLength} bytes that are no text, or too long to show\n`;
}

// Null for what cannot be shown.
function lenientText(bytes: Uint8Array | null): string | null {
  if (bytes === null) return '';
  if (bytes.byteLength > MAX_SHOWN_BYTES || bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

async function readWhole({ runtime }: ReadyWorkspace, real: string, path: string): Promise<Uint8Array> {
  const bytes = await runtime.files.read(real, { limit: MAX_READ_BYTES + 1 });
  if (bytes.byteLength <= MAX_READ_BYTES) return bytes;
  throw new FarhandError('file.too_large', {
    message: `${path} is larger than 8 MiB.`,
    hint: 'Run a program in the workspace that shows the part you need.',
  });
}

async function bytesOf({ ready, target }: Pick<Write, 'ready' | 'target'>): Promise<Uint8Array | null> {
  try {
    return await ready.runtime.files.read(target.real);
  } catch (thrown) {
    if (FarhandError.is(thrown, 'file.not_found')) return null;
    throw thrown;
  }
}

function isSame(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one === null || other === null ? one === other : Buffer.compare(one, other) === 0;
}

// A letter may be cut in two where the piece begins or ends: that alone does not make it no text.
function textOf(bytes: Uint8Array, path: string): string {
  if (bytes.includes(0)) throw new FarhandError('file.not_text', { message: `${path} is not text.` });
  return new TextDecoder('utf8').decode(bytes);
}
