import { z } from 'zod';
import { approvalPolicy } from './approvals.ts';
import { mcpServer } from './mcp.ts';
import { secretForm, secretKind, secretName } from './secrets.ts';

/** What is set for a project, to be taken to another Farhand: nothing in it is secret, and values of secrets never are. */
export const projectSettings = z.object({
  version: z.literal(1),
  /** Of the project it was taken from. */
  name: z.string().max(200),
  /** When agents of a new workspace have to ask. */
  approvalPolicy,
  mcpServers: z.array(mcpServer.omit({ projectId: true })).max(200),
  /** Those that count for the project, wherever they are set. */
  secrets: z
    .array(
      z.object({
        name: secretName,
        scope: z.enum(['project', 'host', 'global']),
        kinds: z.array(secretKind).min(1),
        form: secretForm,
      }),
    )
    .max(2000),
});
export type ProjectSettings = z.infer<typeof projectSettings>;
