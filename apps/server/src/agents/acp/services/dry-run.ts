/** What an ACP agent asks about in a dry run: taken down as proposals, and answered with no. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { notInDryRun, proposedText, type SessionDryRun } from '../../../dry-run/session-dry-run.ts';
import type { ShownEdit } from './grants.ts';
import type { Asked } from './permission-subject.ts';
import { hostOf, isInside, type ServiceContext } from './service-context.ts';

interface AskedCall {
  readonly asked: Asked;
  readonly toolCallId: string;
  readonly cwd: string;
}

/** Gives what the agent is told. */
export async function proposeAsked(
  context: ServiceContext,
  dryRun: SessionDryRun,
  { asked, toolCallId, cwd }: AskedCall,
): Promise<string> {
  const turnId = context.turnId();
  try {
    if (asked.command !== null) {
      const number = dryRun.command({ turnId, key: `${turnId} ${toolCallId}` }, asked.command, cwd);
      return proposedText(number, 'The command');
    }
    if (asked.edits.length === 0) return notInDryRun(asked.subject.kind);
    const numbers: number[] = [];
    for (const [index, edit] of asked.edits.entries())
      numbers.push(await proposeEdit(context, dryRun, { edit, key: `${turnId} ${toolCallId} ${index}` }));
    return proposedText(numbers.at(-1) ?? 0, 'The change');
  } catch (thrown) {
    if (FarhandError.is(thrown, 'dry_run.refused', 'file.too_large')) return thrown.message;
    throw thrown;
  }
}

interface Write {
  readonly real: string;
  readonly shown: string;
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** For a whole file; gives what the agent is told. */
export async function proposeWrite(
  context: ServiceContext,
  dryRun: SessionDryRun,
  { real, shown, key, bytes }: Write,
): Promise<string> {
  const turnId = context.turnId();
  const before = await contentNow(context, dryRun, real);
  const call = { turnId, key: `${turnId} write ${key}` };
  return proposedText(dryRun.write(call, { real, path: shown, content: bytes, before }), 'The change');
}

// Agents show a whole file, or the part of it that changes.
async function proposeEdit(
  context: ServiceContext,
  dryRun: SessionDryRun,
  { edit, key }: { edit: ShownEdit; key: string },
): Promise<number> {
  const { directory } = context.session.place;
  const [root, real] = await hostOf(context).do(({ files }) =>
    Promise.all([files.realpath(directory), files.realpath(edit.path)]),
  );
  if (!isInside(root, real))
    throw new FarhandError('dry_run.refused', { message: `${edit.path} lies outside the workspace.` });
  const before = await contentNow(context, dryRun, real);
  const text = before === null ? null : new TextDecoder().decode(before);
  const after = changed(text, edit);
  const content = new TextEncoder().encode(after);
  return dryRun.write(
    { turnId: context.turnId(), key },
    { real, path: real.slice(root.length + 1), content, before },
  );
}

function changed(text: string | null, { path, oldText, newText }: ShownEdit): string {
  if (oldText === null || text === null || text === oldText) return newText;
  const at = text.indexOf(oldText);
  if (oldText === '' || at < 0 || text.indexOf(oldText, at + 1) >= 0)
    throw new FarhandError('dry_run.refused', {
      message: `The change of ${path} does not fit the file as it is.`,
    });
  return text.slice(0, at) + newText + text.slice(at + oldText.length);
}

async function contentNow(
  context: ServiceContext,
  dryRun: SessionDryRun,
  real: string,
): Promise<Uint8Array | null> {
  const proposed = dryRun.contentOf(real);
  if (proposed) return proposed;
  try {
    return await hostOf(context).do(({ files }) => files.read(real));
  } catch (thrown) {
    if (FarhandError.is(thrown, 'file.not_found')) return null;
    throw thrown;
  }
}
