import type { HostId } from '@farhand/shared/model/hosts';
import type { Policy } from '../policy/policy.ts';

/** A file that is about to be written for a person who wants that. */
interface WantedWrite {
  readonly hostId: HostId;
  /** Who proposed it. */
  readonly agent: string;
  /** Of the workspace, absolute. */
  readonly directory: string;
  /** Relative to the workspace. */
  readonly path: string;
  /** Absolute, every symlink resolved. */
  readonly real: string;
}

/** What a rule says against it. */
interface Denial {
  /** One sentence or two, which name the rule. */
  readonly why: string;
  readonly rule: string | null;
}

/**
 * Asks the rules what they ask of an agent that writes the file itself. A person who applies it has answered what they
 * would ask for; only a rule that denies beats that. Null where none does.
 */
export function deniedWrite(
  policy: Policy,
  { hostId, agent, directory, path, real }: WantedWrite,
): Denial | null {
  const subject = { kind: 'edit' as const, files: [{ path, patch: '' }] };
  const judgement = policy.judge(
    { subject, paths: [path, real], cwd: directory, directory },
    { preset: 'never', patterns: [], hostId, user: null, agent },
  );
  return judgement.kind === 'denied' ? { why: judgement.why, rule: judgement.rule } : null;
}
