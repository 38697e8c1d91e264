import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Settings } from '../store/settings.ts';

/** What a person set up for the page: JSON texts by name, of which the server reads a few (see push). */
export interface Preferences {
  all(): Record<string, string>;
  /** Null where it was never set. */
  get(name: string): string | null;
  /** Null forgets it. Throws `request.invalid` for what is not JSON, and beyond 200 names. */
  set(name: string, value: string | null): void;
}

const PREFIX = 'preference.';
const MOST_NAMES = 200;

export function createPreferences(settings: Settings): Preferences {
  return {
    all: () => settings.all(PREFIX),
    get: (name) => settings.get(PREFIX + name),
    set(name, value) {
      if (value !== null) check(value);
      const isNew = value !== null && settings.get(PREFIX + name) === null;
      if (isNew && Object.keys(settings.all(PREFIX)).length >= MOST_NAMES)
        throw new FarhandError('request.invalid', {
          message: `No more than ${MOST_NAMES} preferences are kept.`,
        });
      settings.set(PREFIX + name, value);
    },
  };
}

function check(value: string): void {
  try {
    JSON.parse(value);
  } catch (cause) {
    throw new FarhandError('request.invalid', { message: 'A preference is a JSON text.', cause });
  }
}
