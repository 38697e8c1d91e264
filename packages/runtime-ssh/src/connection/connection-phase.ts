import type { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type ConnectionState, type HostQuestion, keyChange } from '@farhand/shared/model/hosts';

/** Where a connection is; what the port shows of it is `stateOf`. */
export type Phase =
  | { readonly name: 'idle' }
  | { readonly name: 'connecting' }
  | { readonly name: 'asking'; readonly question: HostQuestion }
  | { readonly name: 'connected'; readonly latencyMs: number | null }
  | {
      readonly name: 'retrying';
      readonly attempt: number;
      readonly nextAtMs: number;
      readonly error: FarhandError;
    }
  | { readonly name: 'refused'; readonly error: FarhandError };

export function stateOf(phase: Phase): ConnectionState {
  switch (phase.name) {
    case 'connected':
      return { state: 'connected', latencyMs: phase.latencyMs };
    case 'asking':
      return { state: 'asking', question: phase.question };
    case 'retrying': {
      const { attempt, nextAtMs, error } = phase;
      const { code, message } = error;
      return { state: 'retrying', attempt, nextAt: new Date(nextAtMs).toISOString(), code, message };
    }
    case 'refused': {
      const { code, message, hint, details } = phase.error;
      const change = keyChange.safeParse(details.keyChange);
      return { state: 'refused', code, message, hint, keyChange: change.success ? change.data : null };
    }
    default:
      return { state: phase.name };
  }
}
