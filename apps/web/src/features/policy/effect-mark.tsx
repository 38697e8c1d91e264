import type { PolicyEffect, PolicyVerdict } from '@farhand/shared/model/policy';
import { cx } from '@/ui/cx.ts';

const LOOKS: Readonly<Record<PolicyEffect | PolicyVerdict, { text: string; look: string }>> = {
  allow: { text: 'Allow', look: 'bg-done-wash text-done' },
  ask: { text: 'Ask', look: 'bg-blocked-wash text-blocked' },
  deny: { text: 'Deny', look: 'bg-failed-wash text-failed' },
  allowed: { text: 'Allowed', look: 'bg-done-wash text-done' },
  denied: { text: 'Denied', look: 'bg-failed-wash text-failed' },
};

/** What a rule says, or what became of a command, as one word. */
export function EffectMark({ effect }: { readonly effect: PolicyEffect | PolicyVerdict }) {
  const { text, look } = LOOKS[effect];
  return (
    <span
      className={cx('w-16 shrink-0 rounded-small px-1.5 py-0.5 text-center text-small font-medium', look)}
    >
      {text}
    </span>
  );
}
