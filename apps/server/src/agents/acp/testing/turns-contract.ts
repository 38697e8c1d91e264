import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Benches, isGone } from './looks.ts';

const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';

export function describeTurns(benches: Benches): void {
  describe('a turn', () => {
    it('has text, thoughts and tool calls', async () => {
      const bench = benches.start();
      await bench.promptAndWait('think hm\nsay Hello\ntool look');
      expect(bench.turn).toMatchObject({ state: 'done', error: null });
      const kinds = bench.items.map(({ kind }) => kind);
      expect(kinds).toEqual(['user_message', 'turn', 'reasoning', 'text', 'tool_call']);
      expect(bench.said).toBe('Hello');
    });

    it('follows another in the same program and conversation', async () => {
      const bench = benches.start();
      await bench.promptAndWait('say one');
      await bench.promptAndWait('say two');
      expect(bench.said).toBe('one|two');
      expect(bench.pids).toHaveLength(1);
      expect(bench.asked('initialize')).toHaveLength(1);
      expect(bench.asked('session/new')).toHaveLength(1);
    });

    it('asks a person before it acts, and goes on with the answer', async () => {
      const bench = benches.start({
        policy: 'ask_all',
        agent: { permissionIds: { allow: 'ja', reject: 'nein' } },
      });
      bench.prompt('permit npm publish');
      const { subject } = await bench.approval();
      expect(subject).toEqual({ kind: 'command', command: 'npm publish' });
      expect(bench.server.sessions.get(bench.sessionId).state).toBe('blocked');
      await bench.decide({ kind: 'allow', scope: 'once' });
      await bench.whenEnded();
      expect(bench.said).toBe('allowed npm publish');
      expect(bench.turn.state).toBe('done');
    });

    it('reads and writes files of the host, and runs terminals there', async () => {
      const bench = benches.start();
      writeFileSync(join(bench.directory, 'a.txt'), 'content of a');
      const at = (name: string) => join(bench.directory, name);
      await bench.promptAndWait(
        `read ${at('a.txt')}\nwrite ${at('b.txt')} new words\nterminal echo from-$((40+2))`,
      );
      expect(bench.said).toContain('content of awritten');
      expect(bench.said).toContain('0 from-42');
      expect(readFileSync(at('b.txt'), 'utf8')).toBe('new words');
    });

    it('gets images and files as the agent can take them', async () => {
      const bench = benches.start();
      writeFileSync(join(bench.directory, 'a.txt'), 'inside');
      await bench.promptAndWait('describe', [
        { kind: 'image', url: PIXEL, name: 'p' },
        { kind: 'file', path: 'a.txt' },
      ]);
      const uri = `file://${bench.directory}/a.txt`;
      expect(JSON.parse(bench.said)).toEqual([
        { type: 'text', text: 'describe' },
        { type: 'image', mimeType: 'image/png', data: 'iVBORw0KGgo=' },
        { type: 'resource', resource: { uri, text: 'inside' } },
      ]);
      const plain = benches.start({ agent: { capabilities: {} } });
      await plain.promptAndWait('describe', [{ kind: 'file', path: 'a.txt' }]);
      expect(JSON.parse(plain.said)[1]).toMatchObject({ type: 'resource_link', name: 'a.txt' });
    });

    it('has the project’s secrets in its environment, and shows none', async () => {
      const bench = benches.start({ secrets: { API_KEY: 'canary-acp-7781' } });
      await bench.promptAndWait('env API_KEY');
      expect(bench.said).toBe('API_KEY=[secret API_KEY]');
    });

    it('sets modes and says which holds', async () => {
      const bench = benches.start();
      await bench.when(() => bench.controls?.mode === 'ask');
      await bench.server.sessions.setControl(bench.sessionId, 'mode', 'code');
      expect(bench.controls?.mode).toBe('code');
      expect(bench.asked('session/set_mode')[0]?.params).toMatchObject({ modeId: 'code' });
      bench.restart();
      await bench.promptAndWait('say hello');
      expect(bench.controls?.mode).toBe('code');
      await expect(bench.server.sessions.setControl(bench.sessionId, 'mode', 'none')).rejects.toMatchObject({
        code: 'session.unknown_control',
      });
    });

    it('lists earlier conversations, and takes one up', async () => {
      const bench = benches.start();
      await bench.promptAndWait('say remembered');
      const earlier = await bench.server.sessions.earlier(bench.workspaceId, 'codex');
      expect(earlier).toMatchObject([{ title: 'say remembered' }]);
      bench.sessionId = bench.create(earlier[0]?.nativeId);
      await bench.when(() => bench.said === 'remembered');
      await bench.promptAndWait('say more');
      expect(bench.said).toBe('remembered|more');
      expect(bench.asked('session/load')).toHaveLength(1);
    });

    it('plays an earlier conversation back also where it could go on without, and says that it could not', async () => {
      const capabilities = { loadSession: true, sessionCapabilities: { list: {}, resume: {} } };
      const bench = benches.start({ agent: { capabilities } });
      await bench.promptAndWait('say remembered');
      const [earlier] = await bench.server.sessions.earlier(bench.workspaceId, 'codex');
      bench.sessionId = bench.create(earlier?.nativeId);
      await bench.when(() => bench.said === 'remembered');
      expect(bench.asked('session/resume')).toEqual([]);
      bench.sessionId = bench.create('gone');
      await bench.when(() => bench.notices.length > 0);
      expect(bench.notices[0]).toContain('could not take up that conversation');
      await bench.promptAndWait('say new');
      expect(bench.said).toBe('new');
    });
  });

  describe('a stop', () => {
    it('lets the agent end its turn, and keeps it', async () => {
      const bench = benches.start();
      bench.prompt('say begun\nhang');
      await bench.when(() => bench.said === 'begun');
      await bench.server.sessions.stop(bench.sessionId);
      expect(bench.turn.state).toBe('stopped');
      expect(bench.asked('session/cancel')).toHaveLength(1);
      await bench.promptAndWait('say again');
      expect(bench.said).toBe('begun|again');
      expect(bench.pids).toHaveLength(1);
    });

    it('closes an open question', async () => {
      const bench = benches.start({ policy: 'ask_all' });
      bench.prompt('permit npm publish');
      await bench.approval();
      await bench.server.sessions.stop(bench.sessionId);
      expect(bench.server.approvals.open()).toEqual([]);
      expect(bench.turn.state).toBe('stopped');
    });

    it('ends the process group of one that goes on, and tells of what that left behind', async () => {
      const bench = benches.start({ agent: { cancel: 'ignored' } });
      const file = bench.path('daemon');
      bench.prompt(`daemon ${file}\nsay begun\nhang`);
      await bench.when(() => bench.said === 'begun');
      const daemon = Number(readFileSync(file, 'utf8'));
      await bench.server.sessions.stop(bench.sessionId);
      expect(bench.turn.state).toBe('stopped');
      expect(isGone(bench.pids[0] ?? 0)).toBe(true);
      expect(bench.notices.join()).toContain(`sleep (${daemon})`);
      expect(isGone(daemon)).toBe(false);
      await bench.promptAndWait('say again');
      expect(bench.said).toBe('begun|again');
      await bench.server.sessions.delete(bench.sessionId);
      expect(isGone(daemon)).toBe(true);
      expect(await bench.server.runtime.jobs.list(bench.workspaceId)).toEqual([]);
      bench.sessionId = bench.create();
    });
  });
}
