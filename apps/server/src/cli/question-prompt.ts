import type { HostQuestion } from '@farhand/shared/model/hosts';
import { printable } from './terminal.ts';

/** What is printed at the terminal for a question, and how the line that is typed is read. */
export interface QuestionPrompt {
  readonly text: string;
  /** Typed without being shown. */
  readonly isSecret: boolean;
  /** Null refuses. */
  answerOf(line: string): string | null;
}

const saidYes = (line: string) => (line.trim() === 'yes' ? 'yes' : null);

/** Null where nothing is to be typed: the security key itself answers. */
export function questionPrompt(question: HostQuestion): QuestionPrompt | null {
  const { kind, subject, hostKey } = question;
  if (kind === 'touch') return null;
  if (kind === 'host_key') {
    const lines = [
      `${printable(subject)} is not known here yet. Compare this with what the host's owner tells you:`,
      ...(hostKey ? [`  ${printable(hostKey.type)}  ${printable(hostKey.fingerprint)}`] : []),
      'Trust it and remember? Type the word yes: ',
    ];
    return { text: lines.join('\n'), isSecret: false, answerOf: saidYes };
  }
  const asked = printable(question.text.replaceAll('\n', ' ')).trim();
  if (kind === 'confirm') return { text: `${asked} Type the word yes: `, isSecret: false, answerOf: saidYes };
  return { text: `${asked} `, isSecret: true, answerOf: (line) => (line === '' ? null : line) };
}
