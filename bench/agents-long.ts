import { join } from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { openDatabase } from '../apps/server/src/store/database.ts';
import { createTranscriptStore } from '../apps/server/src/transcripts/transcript-store.ts';
import { layOutAsTabs } from './agents-layout.ts';
import { BenchPage } from './agents-page.ts';
import type { AgentsWorld } from './agents-world.ts';
import { percentile } from './measure.ts';
import { atMost, type Row } from './row.ts';

const TURNS = 5000;
const FEW_TURNS = 20;
const RUNS = 7;

/** A long transcript, and a short one to compare with, opened by a click on its tab in a page that has never seen it. */
export async function benchLong(world: AgentsWorld, workspace: Workspace): Promise<Row[]> {
  const [empty, few, long] = await world.open(3, [workspace]);
  if (!empty || !few || !long) throw new Error('there is no session');
  await world.client.call('session.rename', { sessionId: few.id, title: titleOf(FEW_TURNS) });
  await world.client.call('session.rename', { sessionId: long.id, title: titleOf(TURNS) });
  world.disconnect();
  await world.farhand.stop();
  write(world, few.id, FEW_TURNS);
  const items = write(world, long.id, TURNS);
  await world.farhand.start();
  await world.connect();
  const opened: [Opened[], Opened[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    for (const [at, turns] of [FEW_TURNS, TURNS].entries()) {
      // What was looked at last is shown first: it must be the empty one again.
      await layOutAsTabs(world.client, [empty, few, long], empty);
      opened[at]?.push(await open(world, workspace, turns));
    }
  }
  const [fewMs, longMs] = opened.map((runs) => runs.map(({ ms }) => ms)) as [number[], number[]];
  const around = `${TURNS} turns, ${items} items; a fresh page for each of ${RUNS} runs`;
  return [
    atMost(300, {
      name: 'a click on a long transcript to its last turn on the screen',
      value: percentile(longMs, 0.5),
      unit: 'ms',
      baseline:
        `${around}; ${Math.min(...longMs).toFixed(0)} to ${Math.max(...longMs).toFixed(0)} ms; ` +
        `${percentile(fewMs, 0.5).toFixed(0)} ms with ${FEW_TURNS} turns`,
    }),
    atMost(0, {
      name: 'frames of it that did not show the end',
      value: opened[1].reduce((sum, { elsewhere }) => sum + elsewhere, 0),
      unit: 'frames',
      baseline: around,
    }),
  ];
}

const titleOf = (turns: number) => `History of ${turns} turns`;

interface Opened {
  readonly ms: number;
  /** Frames with turns on the screen, none of them the last. */
  readonly elsewhere: number;
}

async function open(world: AgentsWorld, { id }: Workspace, turns: number): Promise<Opened> {
  const { stdout } = await world.farhand.cli('login-url');
  const { page, close } = await BenchPage.open(stdout.trim(), `?w=${id}`);
  try {
    const tab = page.locator('.pane-tab', { hasText: titleOf(turns) });
    await tab.waitFor();
    await page.getByRole('textbox', { name: 'Message to the agent' }).waitFor();
    // A person looks before they click: by then the page has fetched what it knows that it will need.
    await page.waitForLoadState('networkidle');
    const opened = page.evaluate(untilLast, `Answer ${turns}:`);
    await tab.click();
    return await opened;
  } finally {
    await close();
  }
}

function untilLast(last: string): Promise<Opened> {
  return new Promise((resolve) => {
    const begin = (event: Event) => {
      let elsewhere = 0;
      const look = () => {
        const rows = [...document.querySelectorAll('[aria-label="Transcript"] p')].filter((row) => {
          const { top, bottom } = row.getBoundingClientRect();
          // A row that is being measured is laid out, but not seen.
          const isSeen = bottom > 0 && top < innerHeight && getComputedStyle(row).visibility !== 'hidden';
          return isSeen && row.textContent?.startsWith('Answer ');
        });
        if (rows.some((row) => row.textContent?.startsWith(last)))
          return resolve({ ms: performance.now() - event.timeStamp, elsewhere });
        if (rows.length > 0) elsewhere += 1;
        next();
      };
      // After the frame was laid out and painted.
      const next = () =>
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.addEventListener('message', look, { once: true });
          port1.start();
          port2.postMessage(null);
        });
      next();
    };
    window.addEventListener('pointerdown', begin, { capture: true, once: true });
  });
}

/** Straight into the store of a server that stands still, by the store's own code; gives how many items. */
function write({ farhand }: AgentsWorld, sessionId: Session['id'], turns: number): number {
  const db = openDatabase(join(farhand.home, 'farhand', 'farhand.db'));
  const store = createTranscriptStore(db);
  let seq = 0;
  store.transaction(() => {
    for (let turn = 1; turn <= turns; turn++)
      for (const item of itemsOf(turn)) store.put(sessionId, ++seq, item);
    store.setLastSeq(sessionId, seq);
  });
  db.close();
  return seq;
}

function itemsOf(turn: number): TranscriptItem[] {
  const base = { turnId: newId('turn'), at: new Date(1_767_225_600_000 + turn * 60_000).toISOString() };
  const usage = { input: 1200, output: 80, cachedInput: 0 };
  return [
    {
      ...base,
      id: newId('item'),
      kind: 'turn',
      state: 'done',
      model: 'scripted',
      usage,
      endedAt: base.at,
      error: null,
      retry: null,
    },
    { ...base, id: newId('item'), kind: 'user_message', text: `Question ${turn}: what does the cart cost?` },
    {
      ...base,
      id: newId('item'),
      kind: 'tool_call',
      callId: `call-${turn}`,
      tool: 'bash',
      title: 'npm test',
      input: { command: 'npm test' },
      state: 'done',
      jobId: null,
      output: 'ok 1 - adds up the lines\nok 2 - takes the discount off in percent\n'.repeat(4),
      view: { kind: 'command', command: 'npm test' },
      exit: { kind: 'exited', code: 0 },
      result: 'ok 1 - adds up the lines\n',
      startedAt: base.at,
      endedAt: base.at,
    },
    {
      ...base,
      id: newId('item'),
      kind: 'text',
      text: `Answer ${turn}: the cart costs **${turn} cents**, with the discount taken off.\n\n- one line\n- another line\n`,
      done: true,
    },
  ];
}
