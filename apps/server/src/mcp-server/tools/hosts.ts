import { z } from 'zod';
import { LOOKS, tool } from '../tool.ts';

/** Tools about hosts. */
export const hostTools = [
  tool({
    name: 'hosts_list',
    title: 'List hosts',
    description:
      'The machines that workspaces and commands can be on, each with the state of its connection.',
    needs: ['host.list'],
    annotations: LOOKS,
    input: z.object({}),
    output: z.object({
      hosts: z.array(
        z.object({
          host: z.string().describe('What other tools take as `host`.'),
          connection: z.string(),
          isDefault: z.boolean(),
        }),
      ),
    }),
    async run(_input, { call, signal }) {
      const { hosts } = await call('host.list', {}, { signal });
      return {
        output: {
          hosts: hosts.map(({ id, connection, isDefault }) => ({
            host: id,
            connection: connection.state,
            isDefault: isDefault ?? false,
          })),
        },
      };
    },
  }),
];
