import { createHash } from 'node:crypto';
import type { ApprovalDecision } from '@farhand/shared/model/approvals';
import type { TurnId } from '@farhand/shared/model/ids';
import type { AgentSession, ApprovalRequest } from '../../agent.ts';
import { Interrupted } from '../../builtin/interrupted.ts';
import { SteadyHost } from '../../builtin/steady-host.ts';
import type { KeptPlace } from '../connection/kept.ts';
import type { UpdateMapper } from '../updates/update-mapper.ts';
import type { Grants } from './grants.ts';

/** What every service works with. */
export interface ServiceContext {
  readonly session: AgentSession;
  readonly mapper: UpdateMapper;
  readonly grants: Grants;
  readonly place: KeptPlace;
  turnId(): TurnId;
  /** Of the running turn. */
  signal(): AbortSignal;
}

/** The host as one request sees it: what fails because it is out of reach is done when it is back. */
export function hostOf({ session, signal }: ServiceContext): SteadyHost {
  const { runtime, stopJob } = session.place;
  // The agent's own connection tells of lost contact.
  return new SteadyHost({ runtime, stopJob, signal: signal(), onContactLost: () => {} });
}

type Question = Omit<ApprovalRequest, 'turnId' | 'key'> & { readonly key: readonly (string | null)[] };

/** Asks by the policy. Throws `Interrupted` where the server closes, for then nobody has decided anything. */
export async function decide(
  context: ServiceContext,
  { key, ...question }: Question,
  signal = context.signal(),
): Promise<ApprovalDecision> {
  const turnId = context.turnId();
  const request = { ...question, turnId, key: [turnId, ...key].join(' ').slice(0, 500) };
  const decision = await context.session.approvals.ask(request, signal);
  if (decision.kind === 'void' && signal.aborted && signal.reason === 'close') throw new Interrupted('close');
  return decision;
}

/** A short word that stands for these values. */
export function digest(...values: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 40);
}

/** True where `path` is the folder `root` or in it. Both are real paths. */
export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`);
}
