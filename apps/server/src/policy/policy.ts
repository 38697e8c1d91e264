import type { ApprovalPolicy, ApprovalSubject } from '@farhand/shared/model/approvals';
import type { HostId } from '@farhand/shared/model/hosts';

/** What is to be judged, and where. */
export interface Judged {
  readonly subject: ApprovalSubject;
  /** Files it touches, absolute or relative to the workspace. */
  readonly paths: readonly string[];
  readonly cwd: string | null;
  /** Of the workspace; null where it has none yet, or where there is no workspace. */
  readonly directory: string | null;
}

/** Who wants it, and what a person said of that before. */
export interface PolicyContext {
  /** What holds where no rule says anything. */
  readonly preset: ApprovalPolicy;
  /** Patterns that a person allowed by “always” or “for this session”. */
  readonly patterns: readonly string[];
  readonly hostId: HostId;
  /** As whom it runs there; null where that is not known yet. */
  readonly user: string | null;
  /** An agent's id (`builtin`, `codex`), or `cli`, `page`, `token:<name>` for other programs. */
  readonly agent: string;
}

/** `rule` is the name of the person's rule that decided, where one did; `why` is one sentence. */
export type Judgement =
  | { readonly kind: 'allowed'; readonly by: 'policy' | 'rule'; readonly rule: string | null }
  | { readonly kind: 'ask'; readonly why: string; readonly rule: string | null }
  | { readonly kind: 'denied'; readonly why: string; readonly rule: string | null };

/** The one place where it is decided what may happen unasked: of agents, runs, operations and other programs alike. */
export interface Policy {
  judge(judged: Judged, context: PolicyContext): Judgement;
}
