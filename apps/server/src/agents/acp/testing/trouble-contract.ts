import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { describe, expect, it } from 'vitest';
import { type Benches, isGone, until } from './looks.ts';

export function describeTrouble(benches: Benches): void {
  describe('an agent that does not work', () => {
    it('is not installed', async () => {
      const startCommand = () => Promise.reject(new FarhandError('agent.not_installed'));
      const bench = benches.start({ startCommand });
      await bench.promptAndWait('say hello');
      expect(bench.turn).toMatchObject({ state: 'failed', error: { code: 'agent.not_installed' } });
    });

    it('crashes at its start: its last words are shown, without secrets and control characters', async () => {
      const crash = { stderr: '\u001b[31mcannot find canary-acp-1188\u001b[0m\u0007\n', code: 4 };
      const bench = benches.start({ agent: { crash }, secrets: { TOKEN: 'canary-acp-1188' } });
      await bench.promptAndWait('say hello');
      expect(bench.turn).toMatchObject({ state: 'failed', error: { code: 'agent.start_failed' } });
      expect(bench.turn.error?.message).toContain('with status 4');
      expect(bench.turn.error?.hint).toMatch(/It said: cannot find \[secret TOKEN\]$/);
    });

    for (const method of ['initialize', 'session/new'])
      it(`hangs in ${method}`, async () => {
        const timing = method === 'initialize' ? { startMs: 1500 } : { openMs: 1500 };
        const bench = benches.start({ agent: { hangIn: method }, timing });
        await bench.promptAndWait('say hello');
        expect(bench.turn).toMatchObject({ state: 'failed', error: { code: 'agent.not_responding' } });
        expect(bench.turn.error?.message).toContain(method);
        expect(bench.pids.every(isGone)).toBe(true);
      });

    it('hangs at its start and is stopped', async () => {
      const bench = benches.start({ agent: { hangIn: 'session/new' } });
      bench.prompt('say hello');
      await until(() => bench.asked('session/new').length > 0);
      await bench.server.sessions.stop(bench.sessionId);
      expect(bench.turn.state).toBe('stopped');
      expect(bench.pids.every(isGone)).toBe(true);
    });

    it('speaks another version', async () => {
      const bench = benches.start({ agent: { protocolVersion: 7 } });
      await bench.promptAndWait('say hello');
      expect(bench.turn).toMatchObject({ state: 'failed', error: { code: 'agent.unsupported' } });
    });

    it('is not signed in: it says how, and goes on once it is', async () => {
      const authMethods = [
        { id: 'browser', name: 'The browser' },
        { id: 'tty', name: 'A terminal', type: 'terminal', args: ['--login'] },
      ];
      const signedIn = join(benches.host.home, `signed-in-${Math.random()}`);
      const bench = benches.start({ agent: { signedIn, authMethods } });
      await bench.promptAndWait('say hello');
      expect(bench.turn).toMatchObject({ state: 'failed', error: { code: 'agent.login_needed' } });
      expect(bench.turn.error?.hint).toContain('The browser');
      expect(bench.controls).toMatchObject({ needsLogin: true, logins: [{ id: 'browser' }, { id: 'tty' }] });
      await expect(bench.server.sessions.login(bench.sessionId, 'tty')).rejects.toThrowError('no terminal');
      expect(bench.server.terminals[0]).toContain('--login');
      await expect(bench.server.sessions.login(bench.sessionId, 'browser')).resolves.toBeNull();
      expect(existsSync(signedIn)).toBe(true);
      expect(bench.controls?.needsLogin).toBe(false);
      await bench.promptAndWait('say hello');
      expect(bench.said).toBe('hello');
    });

    it('refuses to go on', async () => {
      const bench = benches.start();
      await bench.promptAndWait('say no\nend refusal');
      expect(bench.turn).toMatchObject({ state: 'failed', error: { code: 'agent.refused' } });
      await bench.promptAndWait('say yes\nend max_tokens');
      expect(bench.turn.state).toBe('done');
      expect(bench.notices[0]).toContain('as long as the model allows');
    });
  });
}
