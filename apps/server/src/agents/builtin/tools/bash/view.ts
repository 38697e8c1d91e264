import type { Exit } from '@farhand/shared/model/terminals';
import type { ToolView } from '@farhand/shared/model/transcripts';
import type { BashInput } from './schema.ts';

/** One line for the person: what the model says it does, or the command's first line. */
export function bashTitle({ command, description }: BashInput): string {
  const [first = '', ...rest] = command.trim().split('\n');
  return description?.trim() || (rest.length > 0 ? `${first} …` : first);
}

export function bashView({ command }: BashInput): ToolView {
  return { kind: 'command', command };
}

/** How a program ended, in words for the model. */
export function exitText(exit: Exit): string {
  switch (exit.kind) {
    case 'exited':
      return `exit status ${exit.code}`;
    case 'signaled':
      return `ended by ${exit.signal}`;
    case 'rebooted':
      return 'ended by the host’s reboot';
    case 'lost':
      return 'ended without leaving a status: it was killed from outside';
  }
}
