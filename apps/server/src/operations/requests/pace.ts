/** How fast requests of one asker may come: `refuse` beyond that, and `drop` beyond twice as many. */
export interface Pace {
  take(): 'go' | 'refuse' | 'drop';
  /** True where nothing came of late: a new one is the same. */
  isAtRest(): boolean;
}

const MINUTE_MS = 60_000;

export function createPace(mostAMinute: number, now: () => number = Date.now): Pace {
  let times: number[] = [];
  const isRecent = (time: number) => time > now() - MINUTE_MS;
  return {
    take() {
      const at = now();
      times = times.filter(isRecent);
      if (times.length >= 2 * mostAMinute) return 'drop';
      times.push(at);
      return times.length > mostAMinute ? 'refuse' : 'go';
    },
    isAtRest: () => !times.some(isRecent),
  };
}
