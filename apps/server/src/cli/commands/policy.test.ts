import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Approval } from '@farhand/shared/model/approvals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FrontDoor, openFrontDoor } from '../../api/testing/fixture.ts';
import { recordedAudit } from '../../audit/testing/recorded-audit.ts';
import { openConfigFile } from '../../config/config-file.ts';
import { writeRunningServer } from '../../config/running-server.ts';
import { createPolicy } from '../../policy/create-policy.ts';
import type { PolicyRules } from '../../policy/policy-rules.ts';
import { loadShellGrammar } from '../../policy/shell/grammar.ts';
import { runCommand } from '../testing/run-command.ts';

const grammar = await loadShellGrammar();
let folder: string;
let door: FrontDoor;
let policy: PolicyRules;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-cli-'));
  writeFileSync(
    join(folder, 'policy.toml'),
    '[[rules]]\nname = "no rm"\neffect = "deny"\nmatch = "rm **"\nhost = "prod"\n',
  );
  const decided = {
    pattern: 'curl *',
    decidedBy: 'cli',
    decidedAt: new Date().toISOString(),
    decision: { kind: 'allowed', scope: 'once', command: null },
  } as Approval;
  const file = openConfigFile(join(folder, 'policy.toml'));
  const log = { warn: vi.fn(), info: vi.fn() };
  policy = createPolicy({
    file,
    grammar,
    audit: recordedAudit(),
    log,
    labelsOf: () => [],
    decided: () => [decided, decided, decided],
  });
  door = await openFrontDoor({ policy });
  writeRunningServer(join(folder, 'server.json'), {
    pid: 1,
    url: door.origin,
    version: 'test',
    token: door.access.cliToken,
  });
});

afterEach(async () => {
  await door.close();
  policy.close();
  rmSync(folder, { recursive: true });
});

const run = (...argv: string[]) => runCommand(folder, ['policy', ...argv]);

describe('farhand policy', () => {
  it('lists the rules with their lines', async () => {
    const { out, status } = await run();
    expect(status).toBe(0);
    expect(out).toMatch(/1 +deny +no rm +rm \*\* +host prod/);
  });

  it('explains a text, or words, on a host', async () => {
    const text = await run('explain', '--host', 'prod', '--', 'ls && $(rm x)');
    expect(text.out).toMatch(/denied +rm x +\$\( \) +no rm \(line 1\)/);
    expect(text.out).toContain('DENIED: The rule “no rm” denies it. (line 1)');
    const words = await run('explain', '--json', '--', 'rm', 'a b');
    expect(JSON.parse(words.out)).toMatchObject({
      verdict: 'allowed',
      steps: [{ command: "rm 'a b'", rule: null }],
    });
  });

  it('tells what is wrong with the file, by its exit status too', async () => {
    expect((await run('check')).status).toBe(0);
    writeFileSync(join(folder, 'policy.toml'), '[[rules]]\nname = 1\n');
    const { status, out } = await run('check');
    expect(status).toBe(1);
    expect(out).toContain('policy.toml:2:1: name');
    expect((await run('edit')).out.trim()).toBe(join(folder, 'policy.toml'));
  });

  it('proposes, and adds only what it is told to', async () => {
    expect((await run('propose')).out).toMatch(/Allow curl \* +curl \* +3/);
    expect(policy.get().rules).toHaveLength(1);
    expect(await run('propose', '--add', 'nothing')).toMatchObject({ status: 1 });
    expect((await run('propose', '--add', 'Allow curl *')).out).toContain('was added');
    expect(policy.get().rules.map(({ name }) => name)).toEqual(['no rm', 'Allow curl *']);
    expect((await run('propose')).out).toContain('Nothing is proposed.');
  });
});
