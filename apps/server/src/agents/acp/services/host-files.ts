import { posix } from 'node:path';
import type {
  ReadTextFileRequest,
  ReadTextFileResponse,
  WriteTextFileRequest,
  WriteTextFileResponse,
} from '@agentclientprotocol/sdk';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ApprovalSubject } from '@farhand/shared/model/approvals';
import type { Files } from '@farhand/shared/runtime/port';
import { notInDryRun } from '../../../dry-run/session-dry-run.ts';
import { decodeText, diffView } from '../../builtin/tools/text-file.ts';
import { ToolFailure } from '../../builtin/tools/tool.ts';
import { shownPath } from '../updates/shown-path.ts';
import { proposeWrite } from './dry-run.ts';
import { badRequest, denied } from './errors.ts';
import { decide, digest, hostOf, isInside, type ServiceContext } from './service-context.ts';

const LARGEST_FILE = 16 * 1024 * 1024;
/** A file that changes faster than a person can answer is given up. */
const MOST_QUESTIONS = 3;

/**
 * `fs/read_text_file`, from the host's files. What lies outside the workspace, by symlink too, is for the policy. A file
 * that is not there reads as empty: some agents read before they write and take an error for the end.
 */
export async function readTextFile(
  context: ServiceContext,
  { path, line, limit }: ReadTextFileRequest,
  key: string | null,
): Promise<ReadTextFileResponse> {
  checkPath(path);
  const { real, shown, isInWorkspace } = await locate(context, path);
  if (!isInWorkspace) {
    const decision = await decide(context, {
      key: ['read', key ?? real],
      itemId: null,
      title: `Read ${shown}`,
      cwd: context.session.place.directory,
      subject: { kind: 'read', path: context.session.secrets.redactor().text(real) },
      effect: 'read',
      paths: [real],
      canEdit: false,
    });
    if (decision.kind !== 'allowed') throw denied(`Reading ${shown}`, reasonOf(decision));
  }
  const proposed = context.session.dryRun?.isOn() ? context.session.dryRun.contentOf(real) : null;
  const text = proposed
    ? decodeText(proposed, shown)
    : await hostOf(context).do(({ files }) => textOf(files, real, shown));
  return { content: text === null ? '' : linesOf(text, line ?? 1, limit ?? null) };
}

/** `fs/write_text_file`, into the host's files, as the policy decides; a change that was shown and allowed is not asked again. */
export async function writeTextFile(
  context: ServiceContext,
  { path, content }: WriteTextFileRequest,
  key: string | null,
): Promise<WriteTextFileResponse> {
  checkPath(path);
  const bytes = new TextEncoder().encode(content);
  if (bytes.length > LARGEST_FILE) throw badRequest('More than 16 MiB is too much for one file.');
  const { dryRun } = context.session;
  if (dryRun?.isOn()) {
    const place = await locate(context, path);
    if (!place.isInWorkspace)
      throw denied(`Writing ${place.shown}`, notInDryRun('write outside the workspace'));
    throw denied(
      `Writing ${place.shown}`,
      await proposeWrite(context, dryRun, { ...place, key: key ?? digest(path, content), bytes }),
    );
  }
  const host = hostOf(context);
  for (let asked: string | null = null, count = 0; count <= MOST_QUESTIONS; count += 1) {
    const place = await locate(context, path);
    const before = await host.do(({ files }) => textBefore(files, place.real, place.shown));
    // Some agents write once more what they wrote themselves: there is nothing to ask about.
    if (before === content && content !== '') return {};
    const now = digest(place.real, before);
    // What a person saw is what happens: a file that changed in the meantime is asked about anew.
    if (asked === now || context.grants.coversWrite(path, before ?? '', content)) {
      await host.do(({ files }) => files.write(place.real, bytes));
      context.session.reports.filesChanged();
      return {};
    }
    await askToWrite(context, place, { key, path, before: before ?? '', after: content });
    asked = now;
  }
  throw badRequest('The file changes all the time.');
}

interface Place {
  readonly real: string;
  readonly shown: string;
  readonly isInWorkspace: boolean;
}

async function askToWrite(
  context: ServiceContext,
  { real, shown, isInWorkspace }: Place,
  { key, path, before, after }: { key: string | null; path: string; before: string; after: string },
): Promise<void> {
  const { directory } = context.session.place;
  const decision = await decide(context, {
    key: ['write', key ?? digest(real, after)],
    itemId: null,
    title: `Edit ${isInWorkspace ? shown : real}`,
    cwd: directory,
    subject: editSubject(context, isInWorkspace ? shownPath(directory, path) : real, { before, after }),
    effect: 'edit',
    paths: [real],
    canEdit: false,
  });
  if (decision.kind !== 'allowed') throw denied(`Writing ${shown}`, reasonOf(decision));
}

function editSubject(
  { session }: ServiceContext,
  path: string,
  { before, after }: { before: string; after: string },
): ApprovalSubject {
  const redactor = session.secrets.redactor();
  const view = diffView(path, redactor.text(before), redactor.text(after));
  if (view?.kind === 'diff') return { kind: 'edit', files: [{ path, patch: view.patch }] };
  const input = { path, characters: after.length, sha256: digest(after) };
  return { kind: 'tool', tool: 'write_text_file', input: JSON.stringify(input, null, 2) };
}

function checkPath(path: string): void {
  if (!posix.isAbsolute(path) || path.includes('\0') || path.length > 4096)
    throw badRequest('A path must be absolute.');
}

async function locate(context: ServiceContext, path: string): Promise<Place> {
  const { directory } = context.session.place;
  const [root, real] = await hostOf(context).do(({ files }) =>
    Promise.all([files.realpath(directory), files.realpath(path)]),
  );
  return { real, shown: shownPath(directory, path), isInWorkspace: isInside(root, real) };
}

// Null where there is no file.
async function textOf(files: Files, real: string, shown: string): Promise<string | null> {
  try {
    const { kind, sizeBytes } = await files.stat(real);
    if (kind === 'directory') throw badRequest(`${shown} is a folder.`);
    if (kind !== 'file') throw badRequest(`${shown} is no plain file.`);
    if (sizeBytes > LARGEST_FILE) throw badRequest(`${shown} is larger than 16 MiB.`);
    return decodeText(await files.read(real, { limit: LARGEST_FILE }), shown);
  } catch (thrown) {
    if (FarhandError.is(thrown, 'file.not_found')) return null;
    if (thrown instanceof ToolFailure) throw badRequest(thrown.message);
    throw thrown;
  }
}

// What is no text has no diff worth showing, but it is not replaced unseen: the patch then shows all of it as new.
async function textBefore(files: Files, real: string, shown: string): Promise<string | null> {
  return await textOf(files, real, shown).catch((thrown: unknown) => {
    if (FarhandError.is(thrown)) throw thrown;
    return files.stat(real).then(({ kind }) => {
      if (kind !== 'file') throw thrown;
      return '';
    });
  });
}

function linesOf(text: string, line: number, limit: number | null): string {
  if (line <= 1 && limit === null) return text;
  const lines = text.split(/(?<=\n)/);
  const from = Math.max(0, Math.floor(line) - 1);
  return lines.slice(from, limit === null ? undefined : from + Math.max(0, Math.floor(limit))).join('');
}

function reasonOf(decision: { kind: string; reason?: string | null }): string | null {
  return decision.reason ?? null;
}
