import type { Workspace } from '@farhand/shared/model/workspaces';
import { diffView } from '../agents/builtin/tools/text-file.ts';
import type { ProgramAsker, ProgramRequest } from '../approvals/approvals.ts';
import type { AskedWrite } from './write-store.ts';

/** A diff of more than this is too long to be judged by a person. */
const MAX_SHOWN_BYTES = 512 * 1024;

/** Who asks for a write, and what is asked. The same for the same write, also after a restart. */
export function writeQuestion(
  { id, plan }: Pick<AskedWrite, 'id' | 'plan'>,
  workspace: Workspace,
): [asker: ProgramAsker, request: ProgramRequest] {
  const { by, path, real, directory, patch } = plan;
  const { hostId, approvalPolicy } = workspace;
  return [
    { session: null, by, hostId, workspace, forSession: null, preset: approvalPolicy },
    {
      key: id,
      title: `Write ${path}`,
      cwd: directory,
      subject: { kind: 'edit', files: [{ path, patch }] },
      effect: 'edit',
      paths: [real],
    },
  ];
}

/** What a write changes, as a unified diff, or in words where that cannot be shown. */
export function patchOf(path: string, before: Uint8Array | null, after: Uint8Array): string {
  const [old, now] = [lenientText(before), lenientText(after)];
  const view = old === null || now === null ? null : diffView(path, old, now);
  if (view?.kind === 'diff') return view.patch;
  return `${path}: ${before?.byteLength ?? 0} bytes become ${after.byteLength} bytes that are no text, or too long to show\n`;
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
