import type { HostId } from '@farhand/shared/model/hosts';
import type { ProjectId, WorkspaceId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { JobUse } from './job-use.ts';

/** A workspace as those see it who guard what runs in it. */
export interface ProtectedPlace {
  readonly workspaceId: WorkspaceId;
  readonly projectId: ProjectId;
  readonly hostId: HostId;
  /** Absolute, on the host. */
  readonly directory: string;
}

/**
 * The runtime, but everything that starts by it is on record, gets the files that are secrets, and runs in the sandbox of
 * the place. Made for one use: what it starts is told to be for that.
 */
export type Protect = (runtime: Runtime, place: ProtectedPlace, use: JobUse) => Runtime;

/** In order: the last is the outermost, which sees a job first. */
export function protectBy(...layers: readonly Protect[]): Protect {
  return (runtime, place, use) => layers.reduce((inner, layer) => layer(inner, place, use), runtime);
}
