import type { Actor } from '@farhand/shared/model/audit';
import type { Run } from '@farhand/shared/model/runs';
import type { CallOutput, ParsedInput } from '@farhand/shared/protocol/calls';
import type { Protect } from '../protection/protect.ts';

/**
 * Commands that a person defined by name in config.toml. Agents and programs in terminals ask for them by `farhand-op`,
 * which holds no key: what it asks comes over the host's disk, is checked here, and is run here.
 */
export interface Operations {
  /** As the call `operation.list`: as the file says now. */
  list(): CallOutput<'operation.list'>;
  /** As the call `operation.run`. */
  run(input: ParsedInput<'operation.run'>, by: Actor): Promise<Run>;
  /** Puts `farhand-op` on the path of what agents and terminals start, with a token, where there are operations for them. */
  readonly layer: Protect;
  /** At the server's start: what was asked for before is answered. */
  resumeAll(): void;
  /** Leaves what is under way to the next server. */
  close(): void;
}
