import type { Need } from '../inbox/needs-you.ts';

/** What needs the person now and did not before, but for muted workspaces. */
export function newNeeds(
  needs: readonly Need[],
  before: readonly Need[],
  muted: readonly string[],
): readonly Need[] {
  const known = new Set(before.map(nameOf));
  return needs.filter(
    (need) => !known.has(nameOf(need)) && !(need.workspaceId && muted.includes(need.workspaceId)),
  );
}

const nameOf = ({ id, since }: Need) => `${id}@${since}`;

/** The title of the browser's tab: how much waits, then where it is. */
export const tabTitle = (count: number, place: string | null): string =>
  `${count > 0 ? `(${count}) ` : ''}${place ? `${place} · ` : ''}Farhand`;

const MOST_SHOWN = 9;

/** The page's icon as a data address, with how much waits in a corner. */
export function faviconUrl(count: number): string {
  const text = count > MOST_SHOWN ? `${MOST_SHOWN}+` : String(count);
  const badge =
    count === 0
      ? ''
      : `<circle cx="22" cy="10" r="10" fill="#c93c36"/><text x="22" y="${text.length > 1 ? 14 : 15}" font-family="sans-serif" font-size="${text.length > 1 ? 11 : 14}" font-weight="700" text-anchor="middle" fill="#fff">${text}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#5f5bd6"/><path d="M8 10l6 6-6 6M17 22h8" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>${badge}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
