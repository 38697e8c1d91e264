import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** What oxlint, with our own rules, says of one planted file. */
function lint(folder, path, text) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  try {
    return execFileSync(join(root, 'node_modules/.bin/oxlint'), ['--config', '.oxlintrc.json', path], {
      cwd: folder,
      encoding: 'utf8',
    });
  } catch (error) {
    return error.stdout;
  }
}

describe('the layers', () => {
  let folder;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-layers-'));
    cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    [
      'packages/shared/src/model/planted.ts',
      "import { z } from '../errors/table.ts';\nexport const x = z;\n",
    ],
    [
      'packages/shared/src/errors/planted.ts',
      "import { z } from '../runtime/port.ts';\nexport const x = z;\n",
    ],
    ['packages/shared/src/protocol/planted.ts', "import { z } from 'node:fs';\nexport const x = z;\n"],
    [
      'packages/shared/src/runtime/planted.ts',
      "import { z } from '../protocol/calls.ts';\nexport const x = z;\n",
    ],
    [
      'packages/runtime-ssh/src/planted.ts',
      "import { z } from '@farhand/runtime-local/runtime';\nexport const x = z;\n",
    ],
    [
      'packages/runtime-local/src/planted.ts',
      "import { z } from '../../runtime-ssh/src/runtime.ts';\nexport const x = z;\n",
    ],
    [
      'apps/server/src/sessions/planted.ts',
      "import { z } from '@farhand/runtime-ssh/runtime';\nexport const x = z;\n",
    ],
    ['apps/web/src/planted.ts', "import type { z } from '@farhand/server/main';\nexport type X = z;\n"],
    [
      'apps/web/src/planted-runtime.ts',
      "import { z } from '@farhand/shared/runtime/port';\nexport const x = z;\n",
    ],
    [
      'apps/web/src/planted-relative.ts',
      "import { z } from '../../../apps/server/src/main.ts';\nexport const x = z;\n",
    ],
  ])('finds a planted breach in %s', (path, text) => {
    expect(lint(folder, path, text)).toContain('no-restricted-imports');
  });

  it('finds an environment read outside main.ts and allows it there', () => {
    const text = 'export const x = process.env.HOME;\n';
    expect(lint(folder, 'apps/server/src/hosts/planted.ts', text)).toContain('no-process-env');
    expect(lint(folder, 'apps/server/src/main.ts', text)).not.toContain('no-process-env');
  });

  it.each([
    [
      'packages/runtime-ssh/src/fine.ts',
      "import { z } from '@farhand/shared/runtime/port';\nexport const x = z;\n",
    ],
    ['apps/web/src/fine.ts', "import { z } from '@farhand/shared/protocol/calls';\nexport const x = z;\n"],
  ])('leaves a rightful import alone in %s', (path, text) => {
    expect(lint(folder, path, text)).not.toContain('no-restricted-imports');
  });
});
