/** Dry runs of an agent of the protocol, as turns: what it is told, and the mode that it is held in. */
import { existsSync } from 'node:fs';
import type { ProposalId } from '@farhand/shared/model/ids';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AcpBench, type AcpBenchOptions } from '../testing/acp-bench.ts';
import { type AcpHost, localHost } from '../testing/acp-host.ts';

const PAGE = { kind: 'page' as const, name: null };
let host: AcpHost;
let bench: AcpBench;

beforeAll(async () => {
  host = await localHost();
});
afterEach(() => bench.close());
afterAll(() => host.close());

/** One that goes back does so in time, on whatever machine. */
const PATIENT = { timing: { cancelMs: 60_000 } };

async function start(options: AcpBenchOptions = PATIENT): Promise<void> {
  bench = new AcpBench(host, { hasDryRuns: true, ...options });
  await bench.when(() => bench.controls?.mode === 'ask');
  bench.server.dryRuns.set(bench.sessionId, true, PAGE);
}
const dryRun = () => bench.server.dryRuns.get(bench.sessionId);
const warned = (mode: string) =>
  `The agent went into the mode “${mode}” by itself, in which it would act unasked. This is a dry run, so it was set back to “ask”.`;

describe('an agent of the protocol in a dry run', () => {
  it('is told with the next prompt what became of its proposals, also by the next server, once', async () => {
    await start();
    await bench.promptAndWait('permit touch one\npermit touch two');
    const [one, two] = dryRun().proposals.map(({ id }) => id) as [ProposalId, ProposalId];
    bench.server.dryRuns.apply(bench.sessionId, [one], PAGE);
    await bench.when(() => dryRun().proposals[0]?.state === 'applied');
    bench.server.dryRuns.discard(bench.sessionId, [two]);
    bench.restart();
    await bench.promptAndWait('describe');
    expect(bench.said).toContain('1. command “touch one”: applied');
    expect(bench.said).toContain('2. command “touch two”: discarded');
    expect(bench.said).toContain('Note of Farhand, not of the person');
    const shown = 'Farhand told the agent what became of its proposals: 1 applied, 1 discarded.';
    expect(bench.notices).toEqual([shown]);
    bench.restart();
    await bench.promptAndWait('describe');
    const prompts = bench.asked('session/prompt').map(({ params }) => JSON.stringify(params));
    expect(prompts.map((text) => text.includes('Note of Farhand'))).toEqual([false, true, false]);
    expect(bench.notices).toEqual([shown]);
  });

  it('is set back at once where it goes into a mode in which it acts unasked', async () => {
    await start();
    bench.prompt(`mode full-access\ngate ${bench.path('gate')}\npermit touch one`);
    await bench.when(() => bench.notices.length > 0);
    expect(bench.notices).toEqual([warned('full-access')]);
    expect(bench.asked('session/set_mode').map(({ params }) => params)).toEqual([
      expect.objectContaining({ modeId: 'ask' }),
    ]);
    expect(bench.controls?.mode).toBe('ask');
    bench.openGate('gate');
    await bench.whenEnded();
    expect(bench.turn.state).toBe('done');
    expect(dryRun().proposals).toMatchObject([{ command: 'touch one', state: 'open' }]);
  });

  it.each([
    ['does not know how', { missing: ['session/set_mode'] }],
    ['does not answer', { hangIn: 'session/set_mode' }],
  ])('is stopped, and its turn fails, where it %s to be set back', async (_how, agent) => {
    await start({ agent });
    const late = bench.path('late');
    bench.prompt(`mode yolo\ngate ${bench.path('gate')}\ntouch ${late}`);
    await bench.whenEnded();
    expect(bench.turn).toMatchObject({ state: 'failed', error: { code: 'dry_run.left' } });
    const [pid = 0] = bench.pids;
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(existsSync(late)).toBe(false);
  });

  it('is stopped by the next server where the last one could not set it back', async () => {
    await start({ agent: { hangIn: 'session/set_mode' }, timing: { cancelMs: 60_000 } });
    bench.prompt(`mode yolo\ngate ${bench.path('gate')}`);
    await bench.when(() => bench.controls?.mode === 'yolo');
    bench.restart();
    await bench.whenEnded();
    expect(bench.turn).toMatchObject({ state: 'failed', error: { code: 'dry_run.left' } });
    const [pid = 0] = bench.pids;
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('is stopped where it leaves again and again', async () => {
    await start();
    const gates = ['1', '2', '3', '4'];
    bench.prompt(gates.map((name) => `mode yolo\ngate ${bench.path(name)}`).join('\n'));
    for (const name of gates.slice(0, 3)) {
      await bench.when(() => bench.notices.length === Number(name));
      bench.openGate(name);
    }
    await bench.whenEnded();
    expect(bench.turn).toMatchObject({ state: 'failed', error: { code: 'dry_run.left' } });
    expect(bench.notices.slice(0, 3)).toEqual([warned('yolo'), warned('yolo'), warned('yolo')]);
  });

  it('is not held once the dry run is off, and a person cannot lead it out while it is on', async () => {
    await start();
    const set = () => bench.server.sessions.setControl(bench.sessionId, 'mode', 'full-access');
    await expect(set()).rejects.toMatchObject({ code: 'dry_run.not_possible' });
    bench.server.dryRuns.set(bench.sessionId, false, PAGE);
    await bench.promptAndWait('mode yolo\nsay free');
    expect(bench.controls?.mode).toBe('yolo');
    expect(bench.notices).toEqual([]);
    expect(bench.asked('session/set_mode')).toEqual([]);
  });
});
