import type { Actor } from '@farhand/shared/model/audit';
import type { HostId } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import { describe, expect, it } from 'vitest';
import type { JobKind, JobUse } from '../protection/job-use.ts';
import { createRunPlaces, type RunPlacesDeps } from './run-places.ts';

const [workspaceId, projectId] = [newId('workspace'), newId('project')];
const PROD = 'prod' as HostId;

function kindsOf(by: Actor, operation: string | null = null): JobKind[] {
  const kinds: JobKind[] = [];
  const places = createRunPlaces({
    workspaces: {
      ready(_id: string, use: JobUse) {
        kinds.push(use.kind);
        return { runtime: {}, directory: '/w', workspace: { projectId, hostId: PROD } };
      },
    },
    secrets: {
      environment(_place: unknown, kind: JobKind) {
        kinds.push(kind);
        return {};
      },
      redactor: () => ({}),
    },
  } as unknown as RunPlacesDeps);
  places.of({ hostId: PROD, workspaceId, cwd: null, profile: null, by, sessionId: null, operation });
  return kinds;
}

describe('a run in a workspace', () => {
  it('gets the secrets of a person’s commands only where a person asks for it, or defined it', () => {
    for (const kind of ['page', 'cli'] as const)
      expect(kindsOf({ kind, name: null })).toEqual(['terminal', 'terminal']);
    for (const kind of ['token', 'agent'] as const) {
      expect(kindsOf({ kind, name: 'ci' })).toEqual(['agent', 'agent']);
      expect(kindsOf({ kind, name: 'ci' }, 'deploy')).toEqual(['terminal', 'terminal']);
    }
  });
});
