import type { ModelRequest, ModelStep } from '@farhand/shared/testing/model-server';
import { afterEach, describe, expect, it } from 'vitest';
import { createSpending } from '../../../spending/spending.ts';
import { AgentBench, type BenchOptions } from '../testing/agent-bench.ts';

let bench: AgentBench;
afterEach(() => bench.close());

const LIMIT = 10_000;
const full: ModelStep = { usage: { input: 8500, output: 100 } };
const small: ModelStep = { usage: { input: 1000, output: 50 } };
const run = (command: string): ModelStep => ({ call: { name: 'bash', arguments: { command } } });
const isSummary = ({ messages }: ModelRequest) =>
  JSON.stringify(messages.at(-1)).includes('under these headings');
const sent = (request: ModelRequest | undefined) =>
  request?.messages.slice(1).map(({ role, content }) => [role, String(content ?? '')]) ?? [];
const compactions = () => bench.items.filter((item) => item.kind === 'compaction');
const notices = () => bench.items.flatMap((item) => (item.kind === 'notice' ? [item.text] : []));

async function start(options: BenchOptions): Promise<void> {
  bench = await AgentBench.start(options);
  createSpending({ db: bench.server.db }).prices.set([
    { pattern: '*', input: 1, cachedInput: 1, output: 1, context: LIMIT },
  ]);
}

describe('the context in use', () => {
  it('is what the last answer counted, of what the model has', async () => {
    await start({ script: [[{ text: 'Hello.' }, small]] });
    await bench.promptAndWait('go');
    expect(bench.server.sessions.get(bench.sessionId).context).toEqual({ used: 1050, limit: LIMIT });
  });
});

describe('a conversation that is nearly full', () => {
  it('is summarised inside the turn, the last messages kept, calls with their results', async () => {
    await start({
      script: [
        [{ text: 'Looking.' }, run('seq 1 2000'), small],
        [run('echo two'), run('echo three'), full],
        [{ text: '**Task**: count. **Left**: four.' }],
        [run('echo four'), small],
        [{ text: 'Done.' }, small],
      ],
    });
    await bench.promptAndWait('count for me');
    expect(bench.turn.state).toBe('done');
    expect(bench.model.requests.map(isSummary)).toEqual([false, false, true, false, false]);
    const [compaction] = compactions();
    expect(compaction).toMatchObject({ summary: '**Task**: count. **Left**: four.' });
    expect(compaction?.tokensBefore).toBeGreaterThan(8600);
    expect(compaction?.tokensAfter).toBeLessThan(4000);
    const [summary, ...kept] = sent(bench.model.requests[3]);
    expect(summary?.[0]).toBe('user');
    expect(summary?.[1]).toContain('**Left**: four.');
    // The message that is worked on is not left to the summary.
    expect(summary?.[1]).toContain('count for me');
    expect(kept.map(([role]) => role)).toEqual(['assistant', 'tool', 'tool']);
    expect(kept[1]?.[1]).toContain('two');
    expect(sent(bench.model.requests[4]).map(([role]) => role)).toEqual(
      'user assistant tool tool assistant tool'.split(' '),
    );
    // What was said stays in the store.
    const stored = bench.server.db.all('SELECT message FROM model_messages') as { message: string }[];
    expect(stored.some(({ message }) => message.includes('1999'))).toBe(true);
    expect(bench.turn.costUsd).toBeCloseTo((1050 + 8600 + 15 + 1050 + 1050) / 1_000_000, 12);
  });

  it('is summarised before the next message is answered', async () => {
    await start({ script: [[{ text: 'One.' }, full], [{ text: 'SUMMARY' }], [{ text: 'Two.' }, small]] });
    await bench.promptAndWait('first');
    await bench.promptAndWait('second');
    const [summary, ...kept] = sent(bench.model.requests[2]);
    expect(summary?.[1]).toContain('SUMMARY');
    expect(kept.at(-1)).toEqual(['user', 'second']);
    expect(bench.texts).toEqual(['One.', 'Two.']);
  });

  it('is summarised once, whatever restarts in between', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let summaries = 0;
    await start({
      script: (request) => {
        if (isSummary(request)) {
          summaries += 1;
          return [{ text: `SUMMARY ${summaries}`, ...(summaries === 1 ? { gate } : {}) }];
        }
        if (request.text.includes('SUMMARY')) return [{ text: 'Done.' }, small];
        return [run('echo one'), full];
      },
    });
    bench.prompt('go');
    await bench.model.whenRequested(2);
    bench.restart();
    release();
    await bench.whenEnded();
    expect(bench.turn.state).toBe('done');
    expect(compactions().map(({ summary }) => summary)).toEqual(['SUMMARY 2']);
    expect(sent(bench.model.requests.at(-1))[0]?.[1]).toContain('SUMMARY 2');
  });

  it('shows a summary again that was stored but not shown when the server ended', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    await start({
      script: [[run('echo one'), full], [{ text: 'SUMMARY' }], [{ text: 'x', gate }], [{ text: 'Done.' }]],
    });
    bench.prompt('go');
    await bench.model.whenRequested(3);
    const [shown] = compactions();
    bench.server.db.run(`DELETE FROM transcript_items WHERE item_id = '${shown?.id}'`);
    bench.restart();
    release();
    await bench.whenEnded();
    expect(compactions()).toMatchObject([{ id: shown?.id, summary: 'SUMMARY' }]);
    expect(bench.model.requests.filter(isSummary).length).toBe(1);
  });

  it('goes on as it is where no summary comes', async () => {
    await start({ script: [[run('echo one'), full], [{ status: 401 }], [{ text: 'Done.' }, small]] });
    await bench.promptAndWait('go');
    expect(bench.turn.state).toBe('done');
    expect(compactions()).toEqual([]);
    expect(notices()).toEqual([expect.stringContaining('could not be summarised')]);
    expect(sent(bench.model.requests[2]).map(([role]) => role)).toEqual(['user', 'assistant', 'tool']);
  });
});

describe('a conversation that the provider calls too long', () => {
  const tooLong: ModelStep = { status: 400, message: 'prompt is too long: 300000 tokens' };

  it('is summarised and asked again, the summary of a shorter form where need be', async () => {
    await start({
      script: [
        [run('seq 1 5000'), small],
        [tooLong],
        [tooLong],
        [{ text: 'SUMMARY' }],
        [{ text: 'Done.' }, small],
      ],
    });
    await bench.promptAndWait('go');
    expect(bench.turn.state).toBe('done');
    expect(bench.model.requests.map(isSummary)).toEqual([false, false, true, true, false]);
    expect(bench.model.requests[2]?.text).toContain('4999');
    expect(bench.model.requests[3]?.text).not.toContain('4999');
    expect(compactions().length).toBe(1);
  });

  it('fails with the provider’s words where nothing helps', async () => {
    await start({ script: (request) => (request.step === 0 && !isSummary(request) ? [tooLong] : []) });
    await bench.promptAndWait('go');
    expect(bench.turn).toMatchObject({ state: 'failed', error: { code: 'model.context_full' } });
  });
});

describe('/compact', () => {
  it('summarises now, with the wish of the person, and the session goes on from it', async () => {
    await start({
      script: [
        [{ text: 'One.' }, small],
        [{ text: 'SUMMARY' }, small],
        [{ text: 'Two.' }, small],
      ],
    });
    await bench.promptAndWait('first');
    await bench.promptAndWait('/compact the port is 4711');
    expect(bench.turn.state).toBe('done');
    expect(bench.model.requests[1]?.lastUserText).toContain('the port is 4711');
    expect(compactions().length).toBe(1);
    await bench.promptAndWait('second');
    const [summary, ...kept] = sent(bench.model.requests[2]);
    expect(summary?.[1]).toContain('SUMMARY');
    expect(kept).toEqual([['user', 'second']]);
  });

  it('says that there is nothing yet', async () => {
    await start({ script: [] });
    await bench.promptAndWait('/compact');
    expect(bench.turn.state).toBe('done');
    expect(notices()).toEqual(['There is nothing to summarise yet.']);
    expect(bench.model.requests).toEqual([]);
  });
});
