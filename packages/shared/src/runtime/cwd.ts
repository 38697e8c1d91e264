import { FarhandError } from '../errors/farhand-error.ts';

/** The error for what `enter_folder` found. */
export function folderError(found: string, cwd: string | undefined): FarhandError {
  const details = { path: cwd };
  if (found === 'denied')
    return new FarhandError('file.permission_denied', {
      message: `The folder ${cwd} cannot be entered.`,
      details,
    });
  if (found === 'file')
    return new FarhandError('file.not_directory', { message: `${cwd} is not a folder.`, details });
  return new FarhandError('file.not_found', {
    message: `There is no folder ${cwd}.`,
    hint: 'Make it there, or begin in another one.',
    details,
  });
}
