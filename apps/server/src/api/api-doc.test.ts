import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedFarhand, serveFarhand } from '../mcp-server/testing/served-farhand.ts';
import { MCP_TOOLS } from '../mcp-server/tools.ts';

const DOCUMENT = readFileSync(new URL('../../../../docs/api.md', import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...DOCUMENT.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text]) => text ?? '',
  );

/** A server from its sources takes seconds to start. */
describe('docs/api.md', { timeout: 60_000 }, () => {
  let farhand: ServedFarhand;
  let env: Record<string, string>;
  beforeAll(async () => {
    farhand = await serveFarhand(() => []);
    const { value } = await farhand.token(['read', 'run']);
    env = { PATH: process.env.PATH ?? '', FARHAND_URL: farhand.url, FARHAND_TOKEN: value };
  }, 60_000);
  afterAll(() => farhand?.close());

  it.each(blocks('sh').map((text) => [text.split('\n')[0] ?? '', text]))(
    'has an example that works: %s',
    (_line, text) => {
      const done = spawnSync('bash', ['-euo', 'pipefail', '-c', text], { env, encoding: 'utf8' });
      expect(done.status, done.stderr).toBe(0);
      const answer = JSON.parse(done.stdout);
      expect(answer.ok === true || answer.openapi === '3.1.0').toBe(true);
    },
  );

  it('has an example of a WebSocket that works', () => {
    const [text = ''] = blocks('js');
    const done = spawnSync(process.execPath, ['--input-type=module', '-e', text], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env,
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(done.stdout, done.stderr).toBe('hello\nsnapshot\n');
  });

  it('names every tool', () => {
    for (const { name } of MCP_TOOLS) expect(DOCUMENT).toContain(`\`${name}\``);
    expect(blocks('sh').length).toBeGreaterThan(3);
  });
});
