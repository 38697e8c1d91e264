import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyTranscript, foldEvents } from '@farhand/shared/protocol/fold';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedFarhand, serveFarhand } from '../../../../mcp-server/testing/served-farhand.ts';

/** Enough for `farhand-op` to ask over ssh on a busy machine. */
const TIMEOUT_MS = 6000;
const CONFIG = `
[operations.restart]
host = "$HOST"
argv = ["sh", "-c", "echo restarted; exit 3"]
`;
const command = 'farhand-op restart; echo "ended with $?"';

/** A server from its sources takes seconds to start, and ssh and git take their time. */
describe('a command that asks for an operation', { timeout: 60_000 }, () => {
  let farhand: ServedFarhand;
  beforeAll(async () => {
    farhand = await serveFarhand(({ step }) =>
      step === 0
        ? [{ call: { name: 'bash', arguments: { command, timeout_ms: TIMEOUT_MS } } }]
        : [{ text: 'Done.' }],
    );
    const file = join(farhand.program.env.FARHAND_HOME ?? '', 'config.toml');
    writeFileSync(file, CONFIG.replace('$HOST', farhand.sshd.alias));
  }, 90_000);
  afterAll(() => farhand?.close());

  it('is not ended while a person reads the question, however long that takes', async () => {
    const { call } = farhand;
    const { project } = await call('project.add', { source: farhand.repository });
    const { workspace } = await call('workspace.create', {
      projectId: project.id,
      host: farhand.sshd.alias,
      branch: 'main',
      name: 'fix',
    });
    const workspaceId = workspace.id;
    const state = async () =>
      (await call('workspace.list', {})).workspaces.find(({ id }) => id === workspaceId)?.state;
    await expect.poll(state, { timeout: 20_000 }).toBe('ready');
    await call('workspace.set_policy', { workspaceId, policy: 'never' });
    const { session } = await call('session.create', { workspaceId });
    await call('session.prompt', { sessionId: session.id, text: 'Restart it' });
    const asked = async () => (await call('approval.list', { isOpen: true })).approvals;
    await expect.poll(asked, { timeout: 20_000 }).toHaveLength(1);
    const askedAtMs = Date.now();
    // Longer than the command may take, and than it is given to end.
    await expect.poll(() => Date.now() - askedAtMs, { timeout: 20_000 }).toBeGreaterThan(TIMEOUT_MS + 3000);
    const [question] = await asked();
    expect(question).toMatchObject({ sessionId: session.id, turnId: null });
    await farhand.allow(question?.id ?? '');
    const bashCall = async () => {
      const { events } = await call('session.events', { sessionId: session.id, limit: 1000 });
      const folded = foldEvents(emptyTranscript(), events);
      return folded === 'gap' ? null : (folded.items.find((item) => item.kind === 'tool_call') ?? null);
    };
    await expect
      .poll(bashCall, { timeout: 20_000 })
      .toMatchObject({ state: 'done', output: 'restarted\nended with 3\n' });
  });
});
