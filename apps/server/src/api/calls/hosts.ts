import { hostId } from '@farhand/shared/model/hosts';
import type { Domains } from '../domains.ts';
import { actorOf, type CallsOf, done } from './table.ts';

/** Calls about hosts. */
export function hostCalls({ hosts, hostJobs }: Domains): CallsOf<'host'> {
  return {
    'host.list': async () => ({ hosts: await hosts.list(), configProblem: hosts.configProblem() }),
    'host.reconnect': ({ hostId }) => done(hosts.reconnect(hostId)),
    'host.answer': ({ hostId, ...answer }) => done(hosts.answer(hostId, answer)),
    'host.set_method': ({ hostId, method }) => done(hosts.setMethod(hostId, method)),
    'host.set_agent_limit': ({ hostId, limit }) => done(hosts.setAgentLimit(hostId, limit)),
    'host.jobs': async ({ hostId }) => ({ jobs: await hostJobs.ofHost(hostId) }),
    'host.add': ({ name, record }, caller) => {
      hosts.add(name, record, actorOf(caller));
      return { host: hosts.get(hostId.parse(name)) };
    },
    'host.change': ({ name, record }, caller) => {
      hosts.change(name, record, actorOf(caller));
      return { host: hosts.get(hostId.parse(name)) };
    },
    'host.set_enabled': ({ name, isEnabled }, caller) => {
      hosts.setEnabled(name, isEnabled, actorOf(caller));
      return { host: hosts.get(hostId.parse(name)) };
    },
    'host.remove': ({ name }, caller) => done(hosts.remove(name, actorOf(caller))),
    'host.set_default': async ({ hostId }, caller) => {
      // An alias that was just written is known too.
      await hosts.list();
      return done(hosts.setDefault(hostId, actorOf(caller)));
    },
    'host.clear_default': (_input, caller) => done(hosts.clearDefault(actorOf(caller))),
    'host.import': (input, caller) => hosts.importAliases({ ...input, by: actorOf(caller) }),
    'host.test': (target, caller) => ({ test: hosts.tests.start(target, actorOf(caller)) }),
    'host.test_get': async ({ testId, after, waitMs }, { signal }) => ({
      test: await hosts.tests.get(testId, { after, waitMs, signal }),
    }),
    'host.test_answer': ({ testId, ...given }) => done(hosts.tests.answer(testId, given)),
    'host.test_cancel': ({ testId }) => done(hosts.tests.cancel(testId)),
    'host.doctor': async ({ hostId }, { signal }) => ({ report: await hosts.doctor(hostId, signal) }),
    'host.sweep': async ({ hostId }) => ({ removed: await hostJobs.sweep(hostId) }),
  };
}
