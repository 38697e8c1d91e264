import { z } from 'zod';

/** One command that a person's rule lets run by `sudo` without a password, exactly so. */
export const sudoEntry = z.object({
  rule: z.string(),
  /** As whom it runs. */
  runAs: z.string(),
  /** Absolute path on the host and fixed arguments. */
  command: z.string(),
});
export type SudoEntry = z.infer<typeof sudoEntry>;

/** What policy.toml means for sudo on one host. */
export const sudoPlan = z.object({
  /** Who runs jobs there. */
  user: z.string(),
  /** As `/etc/sudoers.d/farhand-ada`. */
  path: z.string(),
  /** The whole file; empty where no rule says anything. */
  text: z.string(),
  entries: z.array(sudoEntry),
  /** Rules that cannot be written so, each with why. */
  left: z.array(z.object({ rule: z.string(), pattern: z.string(), reason: z.string() })),
  /** What `visudo -c` says of the text; `by` is where it ran. Null where neither machine has it. */
  check: z.object({ isValid: z.boolean(), by: z.enum(['host', 'server']), said: z.string() }).nullable(),
  /** Against what `sudo -l` lists there now: lines with `+`, `-` and a space; null where it does not tell. */
  diff: z.string().nullable(),
  /** What a person pastes into a shell on the host to apply it: checked once more there, then put in place at once. */
  apply: z.string(),
});
export type SudoPlan = z.infer<typeof sudoPlan>;

/** How what `sudo -l` lists differs from the policy. */
export const sudoDrift = z.object({
  /** False where `sudo -l` wants a password or there is no sudo: `note` says which. */
  isKnown: z.boolean(),
  note: z.string().nullable(),
  /** Of the policy, but not on the host. */
  missing: z.array(sudoEntry.omit({ rule: true })),
  /** On the host without a password, but not of the policy. */
  extra: z.array(sudoEntry.omit({ rule: true })),
});
export type SudoDrift = z.infer<typeof sudoDrift>;
