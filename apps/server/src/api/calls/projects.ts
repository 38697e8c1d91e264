import type { Domains } from '../domains.ts';
import { assertScope } from '../token-gate.ts';
import { actorOf, type CallsOf, done } from './table.ts';

/** Calls about projects. */
export function projectCalls({ projects, projectSettings }: Domains): CallsOf<'project'> {
  return {
    'project.list': () => ({ projects: projects.list() }),
    'project.add': async ({ source }, { kind, grant }) => {
      // It reads any repository on the server's disk, and clones with the person's keys: not for who is elsewhere.
      if (kind === 'token' && grant) assertScope(grant, 'admin');
      return { project: await projects.add(source) };
    },
    'project.remove': ({ projectId }) => done(projects.remove(projectId)),
    'project.branches': ({ projectId }) => projects.branches(projectId),
    'project.export': ({ projectId }) => ({ settings: projectSettings.read(projectId) }),
    'project.import': ({ projectId, settings, withPolicy }, caller) =>
      projectSettings.bring(projectId, settings, { withPolicy, by: actorOf(caller) }),
  };
}
