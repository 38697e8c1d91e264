import { type SandboxProfile, sandboxProfile } from '@farhand/shared/model/sandbox';
import type { Environment } from '@farhand/shared/runtime/port';

/** A profile with what pages do not see. */
export interface Profile extends SandboxProfile {
  readonly environment: Environment;
}

/** What pages see of a profile. */
export function shownProfile(profile: Profile): SandboxProfile {
  return sandboxProfile.parse(profile);
}
