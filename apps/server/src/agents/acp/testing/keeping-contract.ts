import { describe, expect, it } from 'vitest';
import { acpSessions } from '../../../store/schema.ts';
import { type Benches, isGone, until } from './looks.ts';

const STDIO = { name: 'files', command: 'sh', args: ['-c', 'serve'], env: [] };
const HTTP = { type: 'http' as const, name: 'web', url: 'https://example.org/mcp', headers: [] };

export function describeKeeping(benches: Benches): void {
  describe('an idle agent', () => {
    it('gives its program back where it can load, and nobody sees it', async () => {
      const bench = benches.start({ timing: { idleMs: 300 } });
      await bench.promptAndWait('say one');
      const [pid = 0] = bench.pids;
      await until(() => isGone(pid));
      expect(bench.notices).toEqual([]);
      await bench.promptAndWait('say two');
      expect(bench.said).toBe('one|two');
      expect(bench.turn).toMatchObject({ state: 'done', error: null });
      expect(bench.asked('session/load')).toHaveLength(1);
      expect(bench.notices).toEqual([]);
    });

    it('is resumed where it can be', async () => {
      const capabilities = { loadSession: true, sessionCapabilities: { resume: {} } };
      const bench = benches.start({ timing: { idleMs: 300 }, agent: { capabilities } });
      await bench.promptAndWait('say one');
      await until(() => isGone(bench.pids[0] ?? 0));
      await bench.promptAndWait('say two');
      expect(bench.said).toBe('one|two');
      expect(bench.asked('session/resume')).toHaveLength(1);
      expect(bench.asked('session/load')).toHaveLength(0);
    });

    it('keeps its program where it cannot load, and while a terminal of it runs', async () => {
      const timing = { idleMs: 100 };
      const cannot = benches.start({ timing, agent: { capabilities: {} } });
      const busy = benches.start({ timing });
      const free = benches.start({ timing });
      await Promise.all([cannot.promptAndWait('say one'), busy.promptAndWait('open_terminal sleep 300')]);
      // By the time that one which began later has given its program back, these would have too.
      await free.promptAndWait('say one');
      await until(() => isGone(free.pids[0] ?? 0));
      expect([cannot, busy].map(({ pids }) => isGone(pids[0] ?? 0))).toEqual([false, false]);
    });

    it('of a server that was killed gives it back to the next one', async () => {
      const bench = benches.start({ timing: { idleMs: 1500 } });
      await bench.promptAndWait('say one');
      const [pid = 0] = bench.pids;
      bench.restart();
      await until(() => isGone(pid));
      await bench.promptAndWait('say two');
      expect(bench.said).toBe('one|two');
    });
  });

  describe('MCP servers', () => {
    it('are given with each conversation; those left out are told once', async () => {
      const leftOut = [{ name: 'tickets', why: 'its secret would lie in a file on the host.' }];
      const bench = benches.start({ servers: { servers: [STDIO, HTTP], leftOut } });
      await bench.promptAndWait('say one');
      await bench.promptAndWait('die 1');
      await bench.promptAndWait('say two');
      for (const method of ['session/new', 'session/load'])
        expect(bench.asked(method).map(({ params }) => params)).toMatchObject([{ mcpServers: [STDIO] }]);
      expect(bench.notices).toEqual([
        'The MCP server “tickets” was not given to the agent: its secret would lie in a file on the host.',
        'The MCP server “web” was not given to the agent: it cannot use servers at an address.',
      ]);
    });
  });

  describe('a session that is deleted', () => {
    it('ends and removes the terminals that its agent never released', async () => {
      const bench = benches.start();
      await bench.promptAndWait('open_terminal sleep 300\nopen_terminal true');
      const { jobs } = bench.server.runtime;
      expect(await jobs.list(bench.workspaceId)).toHaveLength(3);
      await bench.server.sessions.delete(bench.sessionId);
      expect(await jobs.list(bench.workspaceId)).toEqual([]);
      bench.sessionId = bench.create();
    });
  });

  describe('a fork', () => {
    it('is told what the session that it came from knows', async () => {
      const bench = benches.start();
      await bench.promptAndWait('say the word is lilac');
      const { items } = bench;
      const from = bench.sessionId;
      bench.sessionId = bench.create();
      await bench.when(() => bench.controls !== undefined);
      for (const item of items) bench.server.transcripts.writer(bench.sessionId).put(item);
      await bench.copyMemory(from, bench.sessionId);
      bench.restart();
      await bench.promptAndWait('describe');
      expect(bench.said).toContain('You: the word is lilac');
    });
  });

  describe('a question of the agent', () => {
    const form = {
      mode: 'form',
      message: 'Which?',
      requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
    };
    const address = {
      mode: 'url',
      elicitationId: 'e1',
      url: 'https://example.org/login',
      message: 'Sign in',
    };

    it('is a form to fill in', async () => {
      const bench = benches.start();
      bench.prompt(`elicit ${JSON.stringify(form)}`);
      expect((await bench.approval()).subject).toMatchObject({ kind: 'form', message: 'Which?', url: null });
      await bench.decide({ kind: 'answer', values: { name: 'Ada' } });
      await bench.whenEnded();
      expect(bench.said).toBe('accept {"name":"Ada"}');
    });

    it('is an address of the web, and no other', async () => {
      const bench = benches.start();
      bench.prompt(`elicit ${JSON.stringify(address)}`);
      expect((await bench.approval()).subject).toMatchObject({ kind: 'form', url: address.url });
      await bench.decide({ kind: 'deny' });
      await bench.whenEnded();
      expect(bench.said).toBe('decline');
      await bench.promptAndWait(`elicit ${JSON.stringify({ ...address, url: 'file:///etc/passwd' })}`);
      expect(bench.turn.state).toBe('failed');
    });
  });

  describe('what an agent tells of its model', () => {
    it('is shown with the turn, and what the turn used', async () => {
      const options = [{ value: 'm1', name: 'Model One' }];
      const model = {
        id: 'model',
        name: 'Model',
        category: 'model',
        type: 'select',
        currentValue: 'm1',
        options,
      };
      const usage = {
        totalTokens: 16,
        inputTokens: 10,
        outputTokens: 2,
        cachedReadTokens: 3,
        cachedWriteTokens: 1,
      };
      const bench = benches.start({ agent: { configOptions: [model], usage } });
      await bench.promptAndWait('say one');
      expect(bench.turn).toMatchObject({
        model: 'Model One',
        usage: { input: 14, output: 2, cachedInput: 3 },
      });
      expect(bench.server.sessions.get(bench.sessionId).model).toBe('Model One');
    });
  });

  describe('a text that may be the beginning of a secret', () => {
    it('is neither lost nor doubled nor readable where its server is killed', async () => {
      const bench = benches.start({ secrets: { TOKEN: 'canary-acp-2231' } });
      const gate = bench.path('gate');
      bench.prompt(
        `say before canary-\ntool look\nsay mine is canary-acp\ngate ${gate}\nsay -2231 and more canary-`,
      );
      await bench.when(() => bench.said.endsWith('mine is '));
      bench.server.transcripts.writer(bench.sessionId).flush();
      bench.restart();
      await bench.when(() => bench.said.endsWith('mine is '));
      const rows = JSON.stringify(bench.server.db.select().from(acpSessions).all());
      expect(rows).not.toContain('canary-acp"');
      bench.openGate('gate');
      await bench.whenEnded();
      expect(bench.said).toBe('before canary-|mine is [secret TOKEN] and more canary-');
    });
  });
}
