import type { TerminalActivity } from '@farhand/shared/model/terminals';

const WORDS: Readonly<Record<TerminalActivity['state'], string>> = {
  idle: 'Idle',
  working: 'Working',
  blocked: 'Needs you',
  done: 'Done',
  failed: 'Failed',
};

/** What an agent in a terminal is seen to do, in words: `Needs you: Apply the patch? (a guess)`; null for none. */
export function activityText(activity: TerminalActivity | null): string | null {
  if (!activity) return null;
  const { state, text, isGuess } = activity;
  const said = text?.trim() ? `${WORDS[state]}: ${text.trim()}` : WORDS[state];
  return isGuess ? `${said} (a guess from what it prints)` : said;
}
