import type { Host } from '@farhand/shared/model/hosts';
import { printable } from './terminal.ts';

/** What a person should know of a host, a line for each sentence; none as a rule. */
export const warningLines = ({ warnings }: Host): string[] =>
  warnings.flatMap(({ message, hint }) =>
    [`warning: ${message}`, ...(hint === null ? [] : [hint])].map(printable),
  );
