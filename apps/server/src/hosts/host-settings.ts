import type { ConnectionMethod, HostId } from '@farhand/shared/model/hosts';
import type { SshSettings } from '../runtimes/registry.ts';
import type { HostStore } from './host-store.ts';
import type { HostQuestions } from './questions.ts';
import type { RestingHosts } from './resting-hosts.ts';

/** How each host is connected: as a person chose, as was learned, and else as the platform wants it. */
export interface HostSettings {
  /** What its runtime is made with. */
  of(id: HostId): SshSettings;
  method(id: HostId): ConnectionMethod;
  chosenMethod(id: HostId): ConnectionMethod | null;
  sessionLimit(id: HostId): number | null;
  /** Agents that may work there at once; null for any number. */
  agentLimit(id: HostId): number | null;
  setAgentLimit(id: HostId, limit: number | null): void;
  setMethod(id: HostId, method: ConnectionMethod | null): void;
  /** Calls back when a session limit was learned. */
  watch(listener: (id: HostId) => void): void;
}

interface HostSettingsDeps {
  readonly store: HostStore;
  readonly questions: HostQuestions;
  readonly defaultMethod: ConnectionMethod;
  readonly resting: Pick<RestingHosts, 'access' | 'loginEnvironment'>;
}

export function createHostSettings({
  store,
  questions,
  defaultMethod,
  resting,
}: HostSettingsDeps): HostSettings {
  const listeners: ((id: HostId) => void)[] = [];
  const method = (id: HostId) => store.get(id).method ?? defaultMethod;
  return {
    of: (id) => ({
      access: resting.access(id),
      loginEnvironment: () => resting.loginEnvironment(id),
      method: method(id),
      questions: questions.of(id),
      sessionLimit: store.get(id).sessionLimit,
      onSessionLimit(sessionLimit) {
        if (store.get(id).sessionLimit === sessionLimit) return;
        store.change(id, { sessionLimit });
        for (const listener of listeners) listener(id);
      },
    }),
    method,
    chosenMethod: (id) => store.get(id).method,
    sessionLimit: (id) => store.get(id).sessionLimit,
    agentLimit: (id) => store.get(id).agentLimit,
    setAgentLimit: (id, agentLimit) => store.change(id, { agentLimit }),
    setMethod: (id, chosen) => store.change(id, { method: chosen }),
    watch: (listener) => void listeners.push(listener),
  };
}
