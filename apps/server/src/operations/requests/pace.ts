/** How fast requests of one asker may come: `refuse` beyond that, and `drop` beyond twice as many. */
export interface Pace {
  take(): 'go' | 'refuse' | 'drop';
}

const MINUTE_MS = 60_000;

export function createPace(mostAMinute: number, now: () => number = Date.now): Pace {
  let times: number[] = [];
  return {
    take() {
      const at = now();
      times = times.filter((time) => time > at - MINUTE_MS);
      if (times.length >= 2 * mostAMinute) return 'drop';
      times.push(at);
      return times.length > mostAMinute ? 'refuse' : 'go';
    },
  };
}
