import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Benches, isGone, numbered, until } from './looks.ts';

export function describeRestarts(benches: Benches): void {
  describe('a server that is killed', () => {
    it('goes on in the middle of a stream: no chunk is lost, none comes twice', async () => {
      const bench = benches.start();
      bench.prompt('count 400 2');
      for (const seen of ['<20>', '<120>', '<260>']) {
        await bench.when(() => bench.said.includes(seen));
        bench.restart();
      }
      await bench.whenEnded();
      expect(bench.said).toBe(numbered(400));
      expect(bench.turn).toMatchObject({ state: 'done', error: null });
      expect(bench.asked('session/prompt')).toHaveLength(1);
      expect(bench.asked('initialize')).toHaveLength(1);
      await bench.promptAndWait('say after');
      expect(bench.said).toBe(`${numbered(400)}|after`);
      expect(bench.pids).toHaveLength(1);
    });

    it('reads what came while none ran', async () => {
      const bench = benches.start();
      const gate = bench.path('gate');
      const done = bench.path('done');
      bench.prompt(`say before \ngate ${gate}\ncount 200\ntool look\nsay end\ntouch ${done}`);
      await bench.when(() => bench.said === 'before ');
      bench.kill();
      bench.openGate('gate');
      await untilWritten(done);
      bench.start();
      await bench.whenEnded();
      expect(bench.said).toBe(`before ${numbered(200)}|end`);
      expect(bench.turn.state).toBe('done');
    });

    it('goes on in the middle of a question, which is asked once', async () => {
      const bench = benches.start({ policy: 'ask_all' });
      bench.prompt('say first\npermit npm publish');
      const { id } = await bench.approval();
      bench.restart();
      expect((await bench.approval()).id).toBe(id);
      await bench.decide({ kind: 'allow', scope: 'once' });
      await bench.whenEnded();
      expect(bench.said).toBe('first|allowed npm publish');
      expect(bench.items.filter(({ kind }) => kind === 'approval')).toHaveLength(1);
    });

    it('goes on in the middle of a terminal of the agent', async () => {
      const bench = benches.start();
      const gate = bench.path('gate');
      bench.prompt(`terminal while [ ! -e ${gate} ]; do sleep 0.05; done; echo ended`);
      await bench.when(() => bench.items.some(({ kind }) => kind === 'tool_call'));
      bench.restart();
      bench.openGate('gate');
      await bench.whenEnded();
      expect(bench.said).toContain('0 ended');
      expect(bench.asked('session/prompt')).toHaveLength(1);
    });

    it('goes on where it was killed before the agent had answered anything', async () => {
      const bench = benches.start();
      bench.prompt('say hello');
      bench.restart();
      await bench.whenEnded();
      expect(bench.said).toBe('hello');
      expect(bench.asked('session/prompt')).toHaveLength(1);
    });

    it('tells that the agent died while none ran', async () => {
      const bench = benches.start();
      const gate = bench.path('gate');
      bench.prompt(`say before\ngate ${gate}\nsay last words\ndie 3`);
      await bench.when(() => bench.said === 'before');
      bench.kill();
      bench.openGate('gate');
      const [pid = 0] = bench.pids;
      await until(() => isGone(pid));
      bench.start();
      await bench.whenEnded();
      expect(bench.said).toBe('beforelast words');
      expect(bench.turn).toMatchObject({ state: 'failed', error: { code: 'agent.died' } });
      expect(bench.turn.error?.message).toContain('with status 3');
    });
  });

  describe('a server that closes', () => {
    it('leaves the turn to the next one, without a chunk too few or too many', async () => {
      const bench = benches.start();
      bench.prompt('count 300 2');
      await bench.when(() => bench.said.includes('<40>'));
      await bench.closeAndStart();
      await bench.when(() => bench.said.includes('<150>'));
      await bench.closeAndStart();
      await bench.whenEnded();
      expect(bench.said).toBe(numbered(300));
      expect(bench.asked('session/prompt')).toHaveLength(1);
    });

    it('leaves an open question open', async () => {
      const bench = benches.start({ policy: 'ask_all' });
      bench.prompt('permit npm publish');
      const { id } = await bench.approval();
      await bench.closeAndStart();
      expect((await bench.approval()).id).toBe(id);
      await bench.decide({ kind: 'allow', scope: 'once' });
      await bench.whenEnded();
      expect(bench.said).toBe('allowed npm publish');
    });
  });

  describe('lost contact', () => {
    it('loses nothing of a turn', async () => {
      const bench = benches.start();
      bench.prompt('count 300 2');
      await bench.when(() => bench.said.includes('<30>'));
      benches.host.disconnect();
      await bench.whenEnded();
      expect(bench.said).toBe(numbered(300));
      expect(bench.turn.state).toBe('done');
    });
  });

  describe('lost contact with a terminal', () => {
    it('shows all that it wrote, once', async () => {
      const bench = benches.start();
      const gate = bench.path('gate');
      const output = () => bench.items.flatMap((item) => (item.kind === 'tool_call' ? [item.output] : []));
      bench.prompt(`terminal echo one; while [ ! -e ${gate} ]; do sleep 0.05; done; echo two`);
      await bench.when(() => output().join().includes('one'));
      benches.host.disconnect();
      bench.openGate('gate');
      await bench.whenEnded();
      expect(bench.said).toBe('0 one\ntwo\n');
      expect(output()).toEqual(['one\ntwo\n']);
    });
  });

  describe('an agent that died', () => {
    it('fails its turn and says how; the next message loads the conversation', async () => {
      const bench = benches.start();
      await bench.promptAndWait('say first');
      await bench.server.sessions.setControl(bench.sessionId, 'mode', 'code');
      await bench.promptAndWait('say second\nstderr out of memory\ndie 9');
      expect(bench.turn).toMatchObject({ state: 'failed', error: { code: 'agent.died' } });
      expect(bench.turn.error?.hint).toContain('out of memory');
      await bench.promptAndWait('say third');
      expect(bench.said).toBe('first|second|third');
      expect(bench.asked('session/load')).toHaveLength(1);
      expect(bench.pids).toHaveLength(2);
      // What was chosen holds in the new program too.
      expect(bench.asked('session/set_mode')).toHaveLength(2);
      expect(bench.controls?.mode).toBe('code');
    });

    it('is told what was said where it cannot load', async () => {
      const bench = benches.start({ agent: { capabilities: {} } });
      await bench.promptAndWait('say the word is lilac');
      await bench.promptAndWait('die 1');
      await bench.promptAndWait('describe');
      expect(bench.asked('session/new')).toHaveLength(2);
      expect(bench.notices.join()).toContain('could not take up');
      expect(bench.said).toContain('You: the word is lilac');
      await bench.promptAndWait('say plain');
      expect(JSON.stringify(bench.asked('session/prompt').at(-1))).not.toContain('lilac');
    });
  });
}

async function untilWritten(file: string): Promise<void> {
  await until(() => {
    try {
      return readFileSync(file, 'utf8') !== '';
    } catch {
      return false;
    }
  });
}
