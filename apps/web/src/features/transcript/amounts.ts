const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** `420 ms`, `3.4 s`, `42 s`, `2 m 05 s`, `1 h 02 m`; never negative. */
export function formatDuration(ms: number): string {
  const time = Math.max(0, ms);
  if (time < SECOND) return `${Math.round(time)} ms`;
  if (time < 10 * SECOND) return `${(Math.floor(time / 100) / 10).toFixed(1)} s`;
  if (time < MINUTE) return `${Math.floor(time / SECOND)} s`;
  if (time < HOUR) return `${Math.floor(time / MINUTE)} m ${pad(Math.floor((time % MINUTE) / SECOND))} s`;
  return `${Math.floor(time / HOUR)} h ${pad(Math.floor((time % HOUR) / MINUTE))} m`;
}

const pad = (value: number) => String(value).padStart(2, '0');

/** Time from one ISO time to another, `now` while it goes on; null when it never began. */
export function elapsedMs(startedAt: string | null, endedAt: string | null, now: number): number | null {
  if (startedAt === null) return null;
  const end = endedAt === null ? now : Date.parse(endedAt);
  return Math.max(0, end - Date.parse(startedAt));
}

/** `950`, `1.2k`, `48k`, `1.3M`. */
export function formatCount(count: number): string {
  if (count < 1000) return String(count);
  if (count < 999_500) return `${trim(count / 1000)}k`;
  return `${trim(count / 1_000_000)}M`;
}

const trim = (value: number) =>
  value < 10 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value));

/** Whole seconds until an ISO time, at least 0. */
export function secondsUntil(at: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(at) - now) / SECOND));
}
