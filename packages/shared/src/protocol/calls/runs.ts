import { z } from 'zod';
import { runId, workspaceId } from '../../model/ids.ts';
import { run, runOutput } from '../../model/runs.ts';
import { call, none } from './call.ts';

/** Calls about commands on hosts. See `calls`. */
export const runCalls = {
  /**
   * Starts a command and answers at once: its state says whether it runs, or waits for a person (`asking`), or is
   * denied. `host`: a name, `local`, or null for the default; with `workspaceId` it has to be null. Throws `host.*`,
   * `workspace.*`, `sandbox.*`.
   */
  'run.start': call(
    // A misspelt host would else mean the default one.
    z.strictObject({
      host: z.string().min(1).max(255).nullable().default(null),
      workspaceId: workspaceId.nullable().default(null),
      argv: z.array(z.string().max(100_000)).min(1).max(1000),
      cwd: z.string().max(4096).nullable().default(null),
      profile: z.string().max(64).nullable().default(null),
    }),
    z.object({ run }),
  ),
  /**
   * As it stands; with `waitMs` (at most 60,000) once it is over, or then. With `after` only what it printed beyond these
   * bytes of each stream, and as soon as there is more, or its state changes from `state`. Throws `run.not_found`.
   */
  'run.get': call(
    z.object({
      runId,
      waitMs: z.number().int().min(0).max(60_000).default(0),
      after: z
        .object({
          stdout: z.number().int().min(0),
          stderr: z.number().int().min(0),
          state: run.shape.state.nullable().default(null),
        })
        .nullable()
        .default(null),
    }),
    z.object({ run, output: runOutput }),
  ),
  /** Newest first, at most `limit`. */
  'run.list': call(
    z.object({ limit: z.number().int().min(1).max(500).default(50) }),
    z.object({ runs: z.array(run) }),
  ),
  /** Ends it, or withdraws its question; nothing where it is over. Throws `run.not_found`. */
  'run.cancel': call(z.object({ runId }), none),
} as const;
