import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { auditPaths } from '../../audit/audit-paths.ts';
import { masterKey } from '../../secrets/master-key.ts';
import type { Context } from '../context.ts';
import { bad, type Check, good, note } from './check.ts';

/** The folders and the master key: that nobody else reads them, and that they can be used. */
export async function checkFolders(context: Pick<Context, 'paths' | 'call' | 'masterKey'>): Promise<Check[]> {
  const { dataDirectory, configDirectory } = context.paths;
  const { file, outputsDirectory, witnessFile } = auditPaths(context.paths);
  const inFolders = [context.paths.databaseFile, file, outputsDirectory, witnessFile];
  return [
    checkPrivate('data folder', dataDirectory, 'made at the first start'),
    ...(configDirectory === dataDirectory
      ? []
      : [checkPrivate('config folder', configDirectory, 'made at the first start')]),
    await checkKey(context),
    // Told only where something is wrong: what is good of them is told with what they are for.
    ...inFolders.map((path) => checkPrivate('file', path, '')).filter(({ state }) => state === 'bad'),
  ];
}

async function checkKey({
  paths,
  call,
  masterKey: given,
}: Pick<Context, 'paths' | 'call' | 'masterKey'>): Promise<Check> {
  // Only the server knows: its environment is not this one's.
  const source = await call('secret.key', {}).then(
    (answer) => answer.source,
    async () => (await given?.().catch(() => null))?.source ?? 'file',
  );
  if (source !== 'file')
    return good('key', source === 'environment' ? 'from FARHAND_KEY' : 'from FARHAND_KEY_COMMAND');
  const found = checkPrivate('key file', paths.keyFile, 'made with the first secret');
  if (found.state !== 'ok') return found;
  try {
    masterKey(paths.keyFile).read();
    return found;
  } catch (thrown) {
    const { message, hint } = FarhandError.from(thrown);
    return bad('key file', message, hint ?? 'Put back the key from a copy of yours.');
  }
}

function checkPrivate(name: string, path: string, otherwise: string): Check {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return note(name, `${path} (${otherwise})`);
  const problem = process.platform === 'win32' ? null : problemOf(path, found);
  return problem ? bad(name, `${path}: ${problem.text}`, problem.hint) : good(name, path);
}

function problemOf(path: string, found: Stats): { text: string; hint: string } | null {
  const [mode, rights] = found.isDirectory()
    ? ['700', constants.R_OK | constants.W_OK]
    : ['600', constants.R_OK];
  const self = process.getuid?.() ?? 0;
  if (self !== 0 && found.uid !== self)
    return {
      text: 'belongs to another user',
      hint: `Run \`sudo chown "$USER" ${path}\`, or start as that user.`,
    };
  if ((found.mode & 0o077) !== 0)
    return { text: 'other users can read it', hint: `Run \`chmod ${mode} ${path}\`.` };
  try {
    accessSync(path, rights);
    return null;
  } catch {
    return { text: 'cannot be read and written', hint: `Run \`chmod ${mode} ${path}\`.` };
  }
}
