import type { Domains } from '../domains.ts';
import { type CallsOf, done } from './table.ts';

/** Calls about projects and their secrets. */
export function projectCalls({ projects, secrets }: Domains): CallsOf<'project' | 'secret'> {
  return {
    'project.list': () => ({ projects: projects.list() }),
    'project.add': async ({ source }) => ({ project: await projects.add(source) }),
    'project.remove': ({ projectId }) => done(projects.remove(projectId)),
    'project.branches': ({ projectId }) => projects.branches(projectId),
    'secret.list': ({ projectId }) => ({ secrets: secrets.list(projectId) }),
    'secret.set': ({ projectId, name, value }) => done(secrets.set(projectId, name, value)),
    'secret.remove': ({ projectId, name }) => done(secrets.remove(projectId, name)),
  };
}
