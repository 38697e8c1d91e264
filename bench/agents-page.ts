import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { type CDPSession, launchChromium, type Page } from '../e2e/support/browser.ts';

const WIDE = { width: 2560, height: 1440 };

/** Farhand's page in a Chromium of its own, and what it costs there. */
export class BenchPage {
  private constructor(
    readonly page: Page,
    readonly cdp: CDPSession,
    readonly close: () => Promise<void>,
  ) {}

  /** Signed in; shows `address`, as `?b=bench`. */
  static async open(signInUrl: string, address: string): Promise<BenchPage> {
    const browser = await launchChromium();
    const context = await browser.newContext({ viewport: WIDE });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const cdp = await context.newCDPSession(page);
    // What compiles these files names the functions in them by a function of its own, which a page does not have.
    await page.addInitScript('globalThis.__name = (made) => made');
    await page.addInitScript(countCommits);
    // Time of its processor, not of the clock: others run on this machine too.
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.goto(signInUrl);
    await page.getByRole('navigation', { name: 'Workspaces' }).waitFor();
    await page.goto(new URL(address, page.url()).href);
    return new BenchPage(page, cdp, () => browser.close());
  }

  /** Transcripts on the screen. */
  async untilShown(transcripts: number): Promise<void> {
    await this.page.waitForFunction(
      (count) => document.querySelectorAll('[aria-label="Transcript"]').length === count,
      transcripts,
    );
  }

  /** Live objects alone, in MiB. */
  async heapMiB(): Promise<number> {
    await this.cdp.send('HeapProfiler.collectGarbage');
    return (await this.metric('JSHeapUsedSize')) / 1024 / 1024;
  }

  /** Seconds of processor time that the main thread has spent in tasks. */
  readonly taskSeconds = (): Promise<number> => this.metric('TaskDuration');

  private async metric(wanted: string): Promise<number> {
    const { metrics } = await this.cdp.send('Performance.getMetrics');
    const found = metrics.find(({ name }) => name === wanted);
    if (!found) throw new Error(`the browser tells no ${wanted}`);
    return found.value;
  }

  /** The folded transcript of each pane on the screen, out of React's own tree, by the id of its session. */
  async transcripts(): Promise<Map<string, readonly TranscriptItem[]>> {
    return new Map((await this.page.evaluate(readTranscripts)) as [string, TranscriptItem[]][]);
  }

  /** What was drawn in `ms`: commits of React, changes of the grid's document, and the main thread's share in percent. */
  async drawn(ms: number): Promise<{ commits: number; mutations: number; busy: number }> {
    const before = await this.taskSeconds();
    const counted = await this.page.evaluate(countDrawing, ms);
    return { ...counted, busy: (((await this.taskSeconds()) - before) / (ms / 1000)) * 100 };
  }
}

interface Counting {
  farhandCommits: number;
}

// React tells a developer's tool of each commit, also where it is built for production.
function countCommits(): void {
  const counting = { farhandCommits: 0 };
  const hook = {
    supportsFiber: true,
    inject: () => 1,
    onCommitFiberRoot: () => ((globalThis as unknown as Counting).farhandCommits += 1),
    onCommitFiberUnmount: () => undefined,
    onPostCommitFiberRoot: () => undefined,
  };
  Object.assign(globalThis, counting, { __REACT_DEVTOOLS_GLOBAL_HOOK__: hook });
}

async function countDrawing(ms: number): Promise<{ commits: number; mutations: number }> {
  const counting = globalThis as unknown as Counting;
  let mutations = 0;
  const observer = new MutationObserver((records) => (mutations += records.length));
  const grid = document.querySelector('.dockview-theme-farhand');
  if (!grid) throw new Error('there is no grid');
  observer.observe(grid, { subtree: true, childList: true, characterData: true, attributes: true });
  const before = counting.farhandCommits;
  await new Promise((resolve) => setTimeout(resolve, ms));
  observer.disconnect();
  return { commits: counting.farhandCommits - before, mutations };
}

interface Fiber {
  readonly memoizedProps: { readonly rows?: readonly unknown[]; readonly id?: string } | null;
  readonly return: Fiber | null;
}

function readTranscripts(): [string, unknown[]][] {
  return [...document.querySelectorAll('[aria-label="Transcript"]')].map((element) => {
    const key = Object.keys(element).find((name) => name.startsWith('__reactFiber$')) ?? '';
    let fiber = (element as unknown as Record<string, Fiber>)[key] ?? null;
    while (fiber && !(Array.isArray(fiber.memoizedProps?.rows) && fiber.memoizedProps.id))
      fiber = fiber.return;
    const rows = (fiber?.memoizedProps?.rows ?? []) as { item?: unknown; turn?: unknown }[];
    return [fiber?.memoizedProps?.id ?? '', rows.map((row) => row.item ?? row.turn)];
  });
}
