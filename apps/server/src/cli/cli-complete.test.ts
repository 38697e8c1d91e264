import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelRequest, ModelStep } from '@farhand/shared/testing/model-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedFarhand, serveFarhand } from '../mcp-server/testing/served-farhand.ts';

const USED: ModelStep = { usage: { input: 10, output: 5 } };
const answer = (request: ModelRequest): readonly ModelStep[] => {
  const said = JSON.stringify(request.messages);
  if (said.includes('break')) return [{ status: 400, message: 'no' }];
  return said.includes('call_')
    ? [{ text: 'It says forty-two.', chunks: 3 }, USED]
    : [{ call: { name: 'bash', arguments: { command: 'echo 42' } }, chunks: 2 }, USED];
};

/** Programs from their sources take seconds to start. */
describe('the command line as a program', { timeout: 90_000 }, () => {
  let farhand: ServedFarhand;
  beforeAll(async () => {
    farhand = await serveFarhand(answer);
    await farhand.call('approval.set_default_policy', { policy: 'never' });
  }, 90_000);
  afterAll(() => farhand?.close());

  const run = async (args: string[], env: Record<string, string> = {}) => {
    const { command, args: before, cwd, env: own } = farhand.program;
    const child = spawn(command, [...before, ...args], { cwd, env: { ...own, ...env } });
    const printed = { stdout: '', stderr: '' };
    child.stdout.on('data', (bytes) => (printed.stdout += String(bytes)));
    child.stderr.on('data', (bytes) => (printed.stderr += String(bytes)));
    const [status] = await once(child, 'close');
    return { ...printed, status };
  };

  it('shows one line of progress on a terminal, and none in a pipe', async () => {
    const { command, args, cwd, env } = farhand.program;
    const create = [
      'workspace',
      'create',
      'shown',
      '--project',
      farhand.repository,
      '--host',
      farhand.sshd.alias,
    ];
    const words = [command, ...args, ...create].map((word) => `'${word}'`).join(' ');
    const onTerminal = spawnSync('script', ['-qec', words, '/dev/null'], { cwd, env, encoding: 'utf8' });
    expect(onTerminal.status).toBe(0);
    expect(onTerminal.stdout).toMatch(new RegExp(`\\r\\u001B\\[Kshown on ${farhand.sshd.alias}: `));
    // The line is gone before the result comes.
    expect(onTerminal.stdout).toMatch(/\r\u001B\[Kshown {2}ready/);
    const piped = await run(create.with(2, 'piped'));
    expect(piped).toMatchObject({ status: 0, stderr: '' });
    expect(piped.stdout).toMatch(/^piped {2}ready/);
  });

  it('starts a session and prints what it says, with an exit status by the outcome', async () => {
    const started = await run(['session', 'start', 'shown', 'What', 'is', 'it?', '--watch']);
    expect(started.stdout).toContain('> What is it?\n* bash: echo 42\nIt says forty-two.');
    expect(started.status).toBe(0);
    const { sessions } = await farhand.call('session.list', {});
    const id = sessions.at(-1)?.id ?? '';
    const again = await run(['session', 'watch', id.slice(0, 12)]);
    expect(again.stdout).toBe(started.stdout);
    const failed = await run(['session', 'prompt', id, 'break', '--watch']);
    expect(failed.status).toBe(1);
    const json = JSON.parse((await run(['session', 'watch', id, '--json'])).stdout);
    expect(json.turn).toMatchObject({ state: 'failed' });
    expect((await run(['session', 'stop', id])).status).toBe(0);
    expect((await run(['session', 'watch', 'nothing'])).stderr).toContain('No session');
  });

  it('completes commands, options and names in a real bash', async () => {
    const { command, args, cwd, env } = farhand.program;
    const own = [command, ...args].map((word) => `'${word}'`).join(' ');
    const complete = (line: string) => {
      const script = [
        `farhand() { (cd '${cwd}' && ${own} "$@"); }`,
        'eval "$(farhand completion bash)"',
        `COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))`,
        '_farhand',
        'printf "%s\\n" "${COMPREPLY[@]}"',
      ].join('\n');
      const done = spawnSync('bash', ['--norc', '-c', script], { env, encoding: 'utf8' });
      return done.stdout.trim().split('\n');
    };
    expect(complete('farhand wor')).toEqual(['workspace']);
    expect(complete("farhand workspace delete ''")).toEqual(['piped', 'shown']);
    expect(complete('farhand exec sh')).toEqual(['shown']);
    expect(complete('farhand workspace create x --ho')).toEqual(['--host']);
    expect(complete(`farhand workspace create x --host ${farhand.sshd.alias.slice(0, 3)}`)).toContain(
      farhand.sshd.alias,
    );
    expect(complete('farhand mcp install --client cu')).toEqual(['cursor']);
    expect(complete('farhand session watch ses_')).toEqual([expect.stringMatching(/^ses_/)]);
  });

  it('uses a named server by a token, from a file or the environment and never from an argument', async () => {
    const { value } = await farhand.token(['read']);
    const file = join(farhand.program.env.HOME ?? '', 'token');
    writeFileSync(file, `${value}\n`, { mode: 0o600 });
    const elsewhere = { FARHAND_HOME: join(farhand.program.env.HOME ?? '', 'elsewhere') };
    const named = await run(['workspace', 'list', '--server', farhand.url, '--token-file', file], elsewhere);
    expect(named.stdout).toContain('shown');
    const byVariables = { ...elsewhere, FARHAND_URL: farhand.url, FARHAND_TOKEN: value };
    expect((await run(['workspace', 'list', '--json'], byVariables)).stdout).toContain('"shown"');
    const refused = await run(['workspace', 'delete', 'shown'], byVariables);
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('scope write')]);
    // Of a project that is there; one that is not, only an administrator adds.
    const { value: writes } = await farhand.token(['read', 'write']);
    const create = (project: string) =>
      run(['workspace', 'create', 'byToken', '--project', project, '--host', farhand.sshd.alias], {
        ...byVariables,
        FARHAND_TOKEN: writes,
      });
    expect((await create('https://example.org/x.git')).stderr).toContain('scope admin');
    expect(await create('shop')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^byToken {2}ready/),
    });
    const plain = await run(['workspace', 'list'], { ...byVariables, FARHAND_URL: 'http://example.org' });
    expect(plain.stderr).toContain('without encryption');
    expect((await run(['workspace', 'list', '--token', value])).stderr).toContain('unknown option');
    expect((await run(['workspace', 'list'], elsewhere)).stderr).toContain('No server is running');
  });

  it('makes, lists and revokes tokens, and tells the value alone on stdout', async () => {
    const made = await run([
      'token',
      'create',
      'ci',
      '--scope',
      'read,run',
      '--expires',
      '30d',
      '--host',
      'lab',
    ]);
    expect(made.stdout).toMatch(/^fh_[a-z2-7]{59}\n$/);
    const listed = await run(['token', 'list']);
    expect(listed.stdout).toMatch(/ci\s+read,run\s+hosts lab/);
    expect(listed.stdout).not.toContain(made.stdout.slice(3, 20));
    expect((await run(['token', 'revoke', 'ci'])).stdout).toBe('Revoked ci.\n');
    expect((await run(['token', 'revoke', 'ci'])).status).toBe(1);
    expect((await run(['token', 'create', 'x', '--scope', 'all'])).status).toBe(1);
  });

  it('mirrors the exit status of a command on a host', async () => {
    expect((await run(['exec', 'shown', '--', 'sh', '-c', 'echo out; exit 7'])).status).toBe(7);
  });
});
