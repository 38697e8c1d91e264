import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Project } from '@farhand/shared/model/projects';
import type { Call } from './client.ts';

/** The project of this id, name or path. Throws `project.not_found`. */
export async function findProject(call: Call, wanted: string): Promise<Project> {
  const { projects } = await call('project.list', {});
  const found = projects.find(({ id, name, path }) => [id, name, path].includes(wanted));
  if (found) return found;
  const names = projects.map(({ name }) => name).join(', ');
  throw new FarhandError('project.not_found', {
    message: `No project is called ${wanted}.`,
    hint: names === '' ? 'Add one with a new workspace.' : `There are: ${names}.`,
  });
}
