import { type CoderSourceKind, type CoderWorkspace, coderStatus } from '@farhand/shared/model/coder';
import { hostId } from '@farhand/shared/model/hosts';
import { z } from 'zod';

/** A workspace as Coder itself tells it. */
export interface ListedWorkspace extends Omit<CoderWorkspace, 'build'> {
  /** Coder's own id. */
  readonly id: string;
}

/** What is wanted of one workspace. */
export interface Transition {
  readonly workspace: ListedWorkspace;
  readonly to: 'start' | 'stop';
  /** Each line of the build's log as it comes, printable. */
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A way to Coder. Throws `coder.*`. */
export interface CoderSource {
  readonly kind: CoderSourceKind;
  readonly url: string | null;
  /** The person's own, in Coder's order. */
  list(signal: AbortSignal): Promise<ListedWorkspace[]>;
  /** Resolves when the build ended well. */
  bring(transition: Transition): Promise<void>;
}

/** What is read of Coder's `Workspace` (docs/reference/api/schemas, codersdk.Workspace); the rest is passed over. */
const workspace = z
  .object({
    id: z.string().max(100),
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/),
    owner_name: z.string().max(200),
    template_name: z.string().max(200).default(''),
    outdated: z.boolean().default(false),
    last_used_at: z.string().max(64).nullable().default(null),
    health: z.object({ healthy: z.boolean() }).nullable().default(null),
    latest_build: z.object({ status: coderStatus }),
  })
  .transform(
    (one): ListedWorkspace => ({
      id: one.id,
      name: one.name,
      owner: one.owner_name,
      template: one.template_name,
      hostId: hostId.parse(`coder.${one.name}`),
      status: one.latest_build.status,
      isHealthy: one.health?.healthy ?? null,
      isOutdated: one.outdated,
      // Coder's word for never.
      lastUsedAt: one.last_used_at?.startsWith('0001-') ? null : one.last_used_at,
    }),
  );

/** Of `coder list -o json`, and of `workspaces` in the API's answer. */
export const listedWorkspaces = z.array(workspace);

/** A line of a log without what a terminal or an eye would take for more. */
export function plainLine(text: string): string {
  return text
    .replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 300);
}
