import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ConfigFile } from '../../config/config-file.ts';
import { readProfiles } from './own.ts';
import type { Profile } from './profile.ts';

/** The profiles as the file says now. */
export interface Profiles {
  all(): Profile[];
  /** Throws `sandbox.profile_not_found`, `sandbox.profile_invalid`. */
  get(name: string): Profile;
  /** Why profiles of the file cannot be used. */
  problems(): string[];
  readonly file: string;
}

export function createProfiles(config: Pick<ConfigFile, 'path' | 'read' | 'problem'>): Profiles {
  let kept: { from: unknown; read: ReturnType<typeof readProfiles> } | null = null;
  const current = () => {
    const from = config.read();
    if (kept?.from !== from) kept = { from, read: readProfiles(from) };
    return kept.read;
  };
  return {
    file: config.path,
    all: () => current().profiles,
    get(name) {
      const { profiles, problems } = current();
      const found = profiles.find((one) => one.name === name);
      if (found) return found;
      const problem = problems.get(name) ?? config.problem();
      if (problem) throw new FarhandError('sandbox.profile_invalid', { message: problem });
      throw new FarhandError('sandbox.profile_not_found', {
        message: `There is no sandbox profile “${name}”.`,
        details: { profile: name },
      });
    },
    problems() {
      const whole = config.problem();
      return [...(whole === null ? [] : [whole]), ...current().problems.values()];
    },
  };
}
