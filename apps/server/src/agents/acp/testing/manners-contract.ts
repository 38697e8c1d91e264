import { describe, expect, it } from 'vitest';
import { type Benches, numbered } from './looks.ts';

export function describeManners(benches: Benches): void {
  describe('an agent’s manners', () => {
    it('a rejected permission may end the turn without a word', async () => {
      const bench = benches.start({ policy: 'ask_all', agent: { endsOnReject: true } });
      bench.prompt('permit npm publish');
      await bench.decide({ kind: 'deny' });
      await bench.whenEnded();
      expect(bench.turn).toMatchObject({ state: 'done', error: null });
      expect(bench.notices).toEqual(['The agent ended its turn without a word.']);
      await bench.promptAndWait('say again');
      expect(bench.said).toBe('again');
    });

    it('never gets a second prompt while it works on the first, whatever it would do with it', async () => {
      const bench = benches.start({ agent: { secondPrompt: 'cancels' } });
      bench.prompt('count 50 4');
      expect(() => bench.prompt('say too early')).toThrowError(
        expect.objectContaining({ code: 'session.busy' }),
      );
      await bench.whenEnded();
      await bench.promptAndWait('say next');
      expect(bench.said).toBe(`${numbered(50)}|next`);
    });

    it('may lack what it advertises', async () => {
      const bench = benches.start({
        agent: { missing: ['session/load', 'session/list', 'session/set_mode'] },
      });
      await bench.promptAndWait('die 1');
      await bench.promptAndWait('say on');
      expect(bench.said).toBe('on');
      expect(bench.turn.state).toBe('done');
      const { sessions } = bench.server;
      await expect(sessions.setControl(bench.sessionId, 'mode', 'code')).rejects.toMatchObject({
        code: 'agent.failed',
      });
      await expect(sessions.earlier(bench.workspaceId, 'codex')).resolves.toEqual([]);
    });

    it('may tell something between turns', async () => {
      const bench = benches.start({ agent: { lateNews: true } });
      await bench.when(() => bench.controls?.commands[0]?.name === 'review');
      await bench.when(() => bench.said === 'I am here.');
      await bench.promptAndWait('say hello\nlate afterwards');
      await bench.when(() => bench.said === 'I am here.|hello|afterwards');
    });

    it('may write to stdout before the protocol', async () => {
      const bench = benches.start({ agent: { banner: 'Welcome!\n{ not json\n\n' } });
      await bench.promptAndWait('say hello');
      expect(bench.said).toBe('hello');
      expect(bench.notices).toEqual([]);
    });

    it('may write lines that are no message', async () => {
      const bench = benches.start();
      await bench.promptAndWait(
        'say a\nraw {"jsonrpc":"2.0",\nraw [1,2]\nraw "x"\nraw {"id":77,"result":1}\nsay b',
      );
      expect(bench.said).toBe('ab');
      expect(bench.notices).toEqual([
        'The agent wrote something that is no message of its protocol; that was skipped.',
      ]);
    });

    it('may ask for what no client has', async () => {
      const bench = benches.start();
      await bench.promptAndWait('unknown session/dance\nunknown fs/format_disk\nsay on');
      expect(bench.said).toBe('refused with -32601refused with -32601on');
      expect(bench.turn.state).toBe('done');
    });

    it('may flood', async () => {
      const bench = benches.start();
      await bench.promptAndWait('count 20000');
      expect(bench.said).toBe(numbered(20_000));
    });

    it('may send messages of 32 MiB', async () => {
      const bench = benches.start();
      await bench.promptAndWait('large 32');
      expect(bench.said).toBe('large done');
      expect(bench.turn.state).toBe('done');
    });

    it('is refused a message above 64 MiB, and goes on with the next turn', async () => {
      const bench = benches.start();
      await bench.promptAndWait('say first\nlarge 65');
      expect(bench.turn).toMatchObject({ state: 'failed', error: { code: 'agent.message_too_large' } });
      await bench.promptAndWait('say on');
      expect(bench.said).toBe('first|on');
    });
  });
}
