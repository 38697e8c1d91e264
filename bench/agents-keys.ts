import type { Page } from '../e2e/support/browser.ts';
import { percentile } from './measure.ts';
import { atMost, type Row } from './row.ts';

const KEYS = 240;
const WARM_UP = 20;
const TEXT = 'the discount is taken off in percent and every test of the cart says so ';
/** A quick typist's. */
const KEY_EVERY_MS = 110;

interface PressedKey {
  /** From the browser's own time of the key to the page's first handler. */
  readonly delayMs: number;
  /** In the events of the key and of its letter, from the first handler to the end of what React draws for them. */
  readonly workMs: number;
  /** From the first handler to the end of the frame that shows it, whatever else ran meanwhile. */
  readonly shownMs: number;
}

/** Real keys into a composer of the page, each with what it cost the main thread. */
export async function benchKeys(page: Page, around: string): Promise<Row[]> {
  const composer = page.getByRole('textbox', { name: 'Message to the agent' }).first();
  await composer.click();
  await page.evaluate(watchKeys);
  for (let key = 0; key < WARM_UP + KEYS; key++) {
    const pressed = performance.now();
    await page.keyboard.press(letter(key));
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, KEY_EVERY_MS - (performance.now() - pressed))),
    );
  }
  const keys = (await page.evaluate('window.farhandKeys')) as PressedKey[];
  const counted = keys.slice(WARM_UP);
  const p95 = (of: (key: PressedKey) => number) => percentile(counted.map(of), 0.95);
  await composer.fill('');
  return [
    atMost(16, {
      name: 'main thread for a key in a composer, p95',
      value: p95(({ workMs }) => workMs),
      unit: 'ms',
      baseline:
        `${around}; of ${counted.length} keys: p50 ${percentile(
          counted.map(({ workMs }) => workMs),
          0.5,
        ).toFixed(1)} ms; ` +
        `p95 waited before it ${p95(({ delayMs }) => delayMs).toFixed(1)} ms, ` +
        `p95 to the frame that shows it ${p95(({ delayMs, shownMs }) => delayMs + shownMs).toFixed(1)} ms`,
    }),
    atMost(0, {
      name: 'keys that were lost',
      value: WARM_UP + KEYS - keys.length,
      unit: 'keys',
      baseline: around,
    }),
  ];
}

const letter = (key: number) => {
  const one = TEXT[key % TEXT.length] ?? ' ';
  return one === ' ' ? 'Space' : one;
};

function watchKeys(): void {
  const keys: object[] = [];
  Object.assign(window, { farhandKeys: keys });
  let began = 0;
  let spentMs = 0;
  let delayMs = 0;
  let key = 0;
  const begin = (event: Event) => {
    began = performance.now();
    if (event.type !== 'keydown') return;
    key = began;
    spentMs = 0;
    delayMs = began - event.timeStamp;
  };
  // React draws in a microtask of the event: the second one comes after it.
  const end = (event: Event) =>
    queueMicrotask(() =>
      queueMicrotask(() => {
        spentMs += performance.now() - began;
        if (event.type !== 'input') return;
        const pressed = { delayMs, workMs: spentMs, shownMs: 0 };
        const at = key;
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          const shown = () => keys.push({ ...pressed, shownMs: performance.now() - at });
          port1.addEventListener('message', shown, { once: true });
          port1.start();
          port2.postMessage(null);
        });
      }),
    );
  for (const type of ['keydown', 'input']) {
    window.addEventListener(type, begin, { capture: true });
    window.addEventListener(type, end);
  }
}
