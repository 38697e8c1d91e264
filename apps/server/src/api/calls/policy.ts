import type { Domains } from '../domains.ts';
import { actorOf, type CallsOf } from './table.ts';

/** Calls about the rules for what agents and other programs do. */
export function policyCalls({ policy }: Pick<Domains, 'policy'>): CallsOf<'policy'> {
  return {
    'policy.get': () => policy.get(),
    'policy.set_rule': (input, caller) => policy.setRule(input, actorOf(caller)),
    'policy.remove_rule': (input, caller) => policy.removeRule(input, actorOf(caller)),
    'policy.move_rule': (input, caller) => policy.moveRule(input, actorOf(caller)),
    'policy.replace': ({ text }, caller) => policy.replace(text, actorOf(caller)),
    'policy.check': ({ text }) => ({ problems: policy.check(text) }),
    'policy.explain': (input) => policy.explain(input),
    'policy.proposals': () => ({ proposals: policy.proposals() }),
  };
}
