/** One thing that was looked at. `note`: nothing has to be done, but it is good to know. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'note' | 'bad';
  readonly text: string;
  /** What to do. */
  readonly hint: string | null;
}

/** A check that found nothing wrong. */
export const good = (name: string, text: string): Check => ({ name, state: 'ok', text, hint: null });

export const bad = (name: string, text: string, hint: string): Check => ({ name, state: 'bad', text, hint });

export const note = (name: string, text: string, hint: string | null = null): Check => ({
  name,
  state: 'note',
  text,
  hint,
});
