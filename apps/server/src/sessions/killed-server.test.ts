import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '@farhand/shared/model/ids';
import type { CallInput } from '@farhand/shared/protocol/calls';
import { type ModelServer, startModelServer } from '@farhand/shared/testing/model-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KillableServer, killableServer } from '../cli/testing/killable-server.ts';
import { openDatabase } from '../store/database.ts';
import { createTranscripts } from '../transcripts/transcripts.ts';

/** From before the message is stored to after it is answered. */
const KILLED_AFTER_MS = [0, 3, 12];

/** Servers from their sources take seconds to start. */
describe('a message to a server that is killed', { timeout: 120_000 }, () => {
  let folder: string;
  let model: ModelServer;
  let server: KillableServer;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-killed-'));
    model = await startModelServer(({ lastUserText }) => [{ text: `heard ${lastUserText}` }]);
    server = killableServer(folder, model.url);
  });
  afterEach(async () => {
    await server.kill();
    await model.close();
    rmSync(folder, { recursive: true });
  });

  it('is there once when it is sent again, and answered once', async () => {
    await server.serve();
    const sessionId = await openSession();
    for (const [index, afterMs] of KILLED_AFTER_MS.entries()) {
      const message = { sessionId, text: `message ${index}`, messageId: newId('item') };
      const sent = server.call('session.prompt', message).then(
        () => true,
        () => false,
      );
      await delay(afterMs);
      await server.kill();
      await sent;
      await server.serve();
      // Taken up again, or not: who has no answer sends it once more.
      await expect.poll(() => tell(message), { timeout: 20_000 }).toBe(true);
      await expect.poll(() => messages(sessionId).answers.length, { timeout: 20_000 }).toBe(index + 1);
    }
    const { asked, answers } = messages(sessionId);
    const expected = KILLED_AFTER_MS.map((_, index) => `message ${index}`);
    expect(asked).toEqual(expected);
    expect(answers).toEqual(expected.map((text) => `heard ${text}`));
  });

  const tell = (message: CallInput<'session.prompt'>) =>
    server.call('session.prompt', message).then(
      () => true,
      () => false,
    );

  async function openSession() {
    const path = join(folder, 'shop');
    mkdirSync(path);
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: path });
    git('init', '-q', '-b', 'main');
    writeFileSync(join(path, 'README.md'), '# Shop\n');
    git('add', '-A');
    git('commit', '-q', '-m', 'first');
    const { project } = await server.call('project.add', { source: path });
    const { workspace } = await server.call('workspace.create', {
      projectId: project.id,
      host: 'local',
      branch: 'main',
      name: 'fix',
    });
    const state = async () =>
      (await server.call('workspace.list', {})).workspaces.find(({ id }) => id === workspace.id)?.state;
    await expect.poll(state, { timeout: 20_000 }).toBe('ready');
    return (await server.call('session.create', { workspaceId: workspace.id })).session.id;
  }

  /** As stored; a whole answer only. */
  function messages(sessionId: Parameters<ReturnType<typeof createTranscripts>['items']>[0]) {
    const db = openDatabase(join(folder, 'data', 'farhand.db'));
    try {
      const items = createTranscripts({ db }).items(sessionId);
      const ended = new Set(
        items.flatMap((item) => (item.kind === 'turn' && item.state === 'done' ? [item.turnId] : [])),
      );
      return {
        asked: items.flatMap((item) => (item.kind === 'user_message' ? [item.text] : [])),
        answers: items.flatMap((item) =>
          item.kind === 'text' && item.done && ended.has(item.turnId) ? [item.text] : [],
        ),
      };
    } finally {
      db.close();
    }
  }
});
