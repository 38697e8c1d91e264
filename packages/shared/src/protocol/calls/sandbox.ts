import { z } from 'zod';
import { sessionId, workspaceId } from '../../model/ids.ts';
import { sandboxCheck, sandboxName, sandboxProfile } from '../../model/sandbox.ts';
import { session } from '../../model/sessions.ts';
import { workspace } from '../../model/workspaces.ts';
import { call, none } from './call.ts';

/** Calls about the sandbox that jobs run in. See `calls`. */
export const sandboxCalls = {
  /** Ours and the person's own; `problems` tells which of `file` cannot be used, and why. */
  'sandbox.profiles': call(
    none,
    z.object({
      profiles: z.array(sandboxProfile),
      defaultProfile: z.string(),
      file: z.string(),
      problems: z.array(z.string()),
    }),
  ),
  /** For new workspaces. Throws `sandbox.profile_not_found`. */
  'sandbox.set_default': call(z.object({ profile: sandboxName }), none),
  /** Asks the host now. Throws `sandbox.profile_not_found`, `sandbox.profile_invalid`, `host.*`. */
  'sandbox.check': call(
    z.object({ host: z.string().min(1).max(512), profile: sandboxName.default('workspace') }),
    z.object({ check: sandboxCheck }),
  ),
  /** For jobs that start from now on. Throws `sandbox.profile_not_found`, `workspace.not_found`. */
  'workspace.set_sandbox': call(z.object({ workspaceId, profile: sandboxName }), z.object({ workspace })),
  /**
   * Runs this session under another profile than its workspace's, which is shown and on record; null ends that. An agent
   * that is not at work is started anew by the next message. Throws `session.busy`, `sandbox.profile_not_found`.
   */
  'session.set_sandbox': call(
    z.object({ sessionId, profile: sandboxName.nullable() }),
    z.object({ session }),
  ),
} as const;
