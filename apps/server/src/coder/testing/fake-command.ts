import { chmodSync, copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FAKE = fileURLToPath(new URL('fake-coder.mjs', import.meta.url));

/** A stand-in for Coder's command in a folder of its own, which the caller removes, and the state that it tells. */
export function installFakeCommand(state: Record<string, unknown>) {
  const folder = mkdtempSync(join(tmpdir(), 'farhand-coder-'));
  const command = join(folder, 'coder');
  copyFileSync(FAKE, command);
  chmodSync(command, 0o755);
  const file = join(folder, 'state.json');
  const write = (now: Record<string, unknown>) => writeFileSync(file, JSON.stringify(now));
  write(state);
  const PATH = `${folder}${delimiter}${process.env.PATH ?? ''}`;
  const read = () =>
    JSON.parse(readFileSync(file, 'utf8')) as { workspaces: Record<string, { status: string }> };
  return { folder, command, environment: { PATH, FAKE_CODER: file }, write, read };
}
