import { z } from 'zod';
import { projectId } from './ids.ts';
import { secretName } from './secrets.ts';

/** A server of the Model Context Protocol whose tools the agents of a project may use. */
export const mcpServer = z.object({
  projectId,
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/),
  transport: z.discriminatedUnion('kind', [
    /** A program on the workspace's host, as a shell takes it. */
    z.object({ kind: z.literal('stdio'), command: z.string().min(1).max(4096) }),
    /** Reached from the server's machine; `secret` is the project secret sent as a bearer token. */
    z.object({
      kind: z.literal('http'),
      url: z.url({ protocol: /^https?$/ }),
      secret: secretName.nullable(),
    }),
  ]),
  isEnabled: z.boolean(),
});
export type McpServer = z.infer<typeof mcpServer>;
