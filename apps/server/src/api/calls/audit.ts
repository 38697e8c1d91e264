import type { Domains } from '../domains.ts';
import { actorOf, type CallsOf } from './table.ts';

/** Calls about the audit log. */
export function auditCalls({ audit }: Domains): CallsOf<'audit'> {
  return {
    'audit.search': (input) => audit.search(input),
    'audit.get': ({ seq }) => ({ event: audit.get(seq) }),
    'audit.output': (input) => audit.output(input),
    'audit.verify': (_input, { signal }) => audit.verify(signal),
    'audit.settings': () => audit.settings(),
    'audit.set_settings': (input, caller) => {
      audit.setSettings(input, actorOf(caller));
      return audit.settings();
    },
  };
}
