import type { HostId } from '../model/hosts.ts';
import type { Runtime } from './port.ts';

/** Where all code gets the runtime of a host; the same host gives the same runtime until it is closed. */
export interface Runtimes {
  /** Throws `host.invalid_name`. Does not connect: the first call on the runtime does. */
  for(hostId: HostId): Runtime;
  /** The ones made so far. */
  all(): readonly Runtime[];
  /** Calls back with each one that is made from now on, before it is given out. Absent where all are made already. */
  watchMade?(listener: (runtime: Runtime) => void): void;
  close(): Promise<void>;
}
