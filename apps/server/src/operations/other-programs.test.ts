import { newId } from '@farhand/shared/model/ids';
import { expect, it } from 'vitest';
import { createOperations, type OperationsDeps } from './create-operations.ts';

it('an operation of one project is not run for another program’s work on another, or on none', async () => {
  const [shop, blog] = [newId('project'), newId('project')];
  const [here, there] = [newId('workspace'), newId('workspace')];
  const started: unknown[] = [];
  const operations = createOperations({
    configFile: {
      path: '/config.toml',
      problem: () => null,
      read: () => ({ operations: { restart: { host: 'prod', argv: ['true'], projects: ['shop'] } } }),
    },
    workspaces: {
      list: () => [
        { id: here, projectId: shop },
        { id: there, projectId: blog },
      ],
    },
    projects: {
      list: () => [
        { id: shop, name: 'shop' },
        { id: blog, name: 'blog' },
      ],
    },
    runs: { watch: () => () => {}, startOperation: async (id: string) => started.push(id) },
  } as unknown as OperationsDeps);
  const run = (workspaceId: typeof here | null, kind: 'token' | 'agent' | 'page') =>
    operations.run({ operation: 'restart', parameters: {}, workspaceId }, { kind, name: 'ci' });
  for (const kind of ['token', 'agent'] as const)
    for (const place of [there, null])
      await expect(run(place, kind)).rejects.toMatchObject({ code: 'operation.not_allowed' });
  expect(started).toEqual([]);
  await run(here, 'token');
  await run(null, 'page');
  expect(started).toHaveLength(2);
});

it('an operation that runs where it is asked from wants to know where that is', async () => {
  const operations = createOperations({
    configFile: {
      path: '/config.toml',
      problem: () => null,
      read: () => ({ operations: { deploy: { host: 'workspace', argv: ['true'] } } }),
    },
    runs: { watch: () => () => {} },
  } as unknown as OperationsDeps);
  await expect(
    operations.run({ operation: 'deploy', parameters: {}, workspaceId: null }, { kind: 'cli', name: null }),
  ).rejects.toMatchObject({ code: 'request.invalid', hint: expect.stringContaining('--workspace') });
});
