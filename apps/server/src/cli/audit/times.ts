import { FarhandError } from '@farhand/shared/errors/farhand-error';

const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A moment as ISO text: a date, a time, or how long ago (`90m`, `12h`, `7d`). Throws `request.invalid`. */
export function momentOf(text: string | undefined, nowMs: number): string | null {
  if (text === undefined) return null;
  const ago = /^(\d{1,6})([mhd])$/.exec(text);
  const atMs = ago ? nowMs - Number(ago[1]) * UNITS_MS[ago[2] as keyof typeof UNITS_MS] : Date.parse(text);
  if (!Number.isFinite(atMs) || Math.abs(atMs) > 8.64e15)
    throw new FarhandError('request.invalid', {
      message: `${text} is no time.`,
      hint: 'Give a date (2026-11-21), a time (2026-11-21T09:30:00Z), or how long ago (90m, 12h, 7d).',
    });
  return new Date(atMs).toISOString();
}
