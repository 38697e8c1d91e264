import { z } from 'zod';
import { workspaceId } from '../../model/ids.ts';
import { operation } from '../../model/operations.ts';
import { run } from '../../model/runs.ts';
import { call, none } from './call.ts';

/** Calls about named operations. See `calls`. */
export const operationCalls = {
  /** By name, those that are badly defined too; `problem` says why none can be read. */
  'operation.list': call(
    none,
    z.object({ operations: z.array(operation), problem: z.string().nullable(), configFile: z.string() }),
  ),
  /**
   * Starts one and answers at once, as `run.start`. `workspaceId` for one that runs in a workspace. Throws
   * `operation.not_found`, `operation.invalid`, `operation.parameter_invalid`, and as `run.start`.
   */
  'operation.run': call(
    z.object({
      operation: z.string().max(100),
      parameters: z.record(z.string().max(100), z.string().max(10_000)).default({}),
      workspaceId: workspaceId.nullable().default(null),
    }),
    z.object({ run }),
  ),
} as const;
