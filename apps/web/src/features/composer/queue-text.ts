import type { QueuedMessage } from '@farhand/shared/model/queue';

/** Why a queued message still waits, as a person reads it; `host` is the name of the session's host. */
export function queueText(
  { reason, until, notBefore, problem }: Pick<QueuedMessage, 'reason' | 'until' | 'notBefore' | 'problem'>,
  { host, now }: { readonly host: string; readonly now: number },
): string {
  const end = until ?? (reason === 'time' ? notBefore : null);
  const when = end === null ? null : whenText(end, now);
  switch (reason) {
    case 'turn':
      return notBefore !== null && Date.parse(notBefore) > now
        ? `after this turn, not before ${whenText(notBefore, now)}`
        : 'after this turn';
    case 'time':
      return when === null ? 'at its time' : `at ${when}`;
    case 'slot':
      return `waits for a free place on ${host}`;
    case 'rate_limit':
      return when === null ? 'rate limit of the provider' : `rate limit until ${when}`;
    case 'host':
      return `waits for ${host}`;
    case 'person':
      return problem === null ? 'held for you' : `held: ${problem}`;
  }
}

const two = (value: number) => String(value).padStart(2, '0');
const clock = (time: Date) => `${two(time.getHours())}:${two(time.getMinutes())}`;

/** An ISO time as `14:30` where it is today, `tomorrow 09:00`, or `2026-03-01 09:00`, in this browser's zone. */
export function whenText(at: string, now: number): string {
  const time = new Date(at);
  const today = new Date(now);
  const day = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  if (day(time) === day(today)) return clock(time);
  const tomorrow = new Date(today.getFullYear(), today.getMonth(), today.getDate() + 1);
  if (day(time) === day(tomorrow)) return `tomorrow ${clock(time)}`;
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${clock(time)}`;
}

interface LaterChoice {
  readonly label: string;
  readonly at: Date;
  /** True where the label says the time already. */
  readonly isTimeSaid?: true;
}

/** Times that are offered for sending later, by name. */
export function laterChoices(now: number): readonly LaterChoice[] {
  const today = new Date(now);
  const inMinutes = (minutes: number) => {
    const at = new Date(now + minutes * 60_000);
    at.setSeconds(0, 0);
    return at;
  };
  return [
    { label: 'In 30 minutes', at: inMinutes(30) },
    { label: 'In 2 hours', at: inMinutes(120) },
    {
      label: 'Tomorrow at 09:00',
      at: new Date(today.getFullYear(), today.getMonth(), today.getDate() + 1, 9),
      isTimeSaid: true,
    },
  ];
}

/** A time as a `datetime-local` field holds it. */
export function fieldTime(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${clock(at)}`;
}

/** The ISO time of such a field's value; null where it is empty, no time, or not after `now`. */
export function laterTime(value: string, now: number): string | null {
  const at = new Date(value).getTime();
  return value === '' || Number.isNaN(at) || at <= now ? null : new Date(at).toISOString();
}
