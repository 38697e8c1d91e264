import type { ErrorRow } from './row.ts';

/** Of the rules for what agents and other programs do. */
export const policyErrors = {
  'policy.invalid': {
    message: 'The rules have an error.',
    hint: 'Mend what is named; nothing was stored.',
    status: 400,
  },
  'policy.changed': {
    message: 'The rules were changed in the meantime.',
    hint: 'Look at them again, then retry.',
    status: 409,
  },
} as const satisfies Record<string, ErrorRow>;
