import type { Approval, ApprovalSubject } from '@farhand/shared/model/approvals';
import { printable } from './terminal.ts';

const SHORTEST_ID = 6;

/** The shortest beginning of an id, without its prefix, that no other of these has. */
export function shortId(id: Approval['id'], all: readonly Pick<Approval, 'id'>[]): string {
  for (let length = 'apr_'.length + SHORTEST_ID; length < id.length; length += 1) {
    const beginning = id.slice(0, length);
    if (all.filter((one) => one.id.startsWith(beginning)).length === 1) return beginning.slice('apr_'.length);
  }
  return id;
}

/** How long it waits, as `12 min`. */
export function waitingFor({ askedAt }: Pick<Approval, 'askedAt'>, nowMs: number): string {
  const minutes = Math.max(0, Math.floor((nowMs - Date.parse(askedAt)) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

/** Who asks, in a word or two: an agent, `token deploy-bot`, `farhand run`. */
export function askerOf({ agent, by }: Pick<Approval, 'agent' | 'by'>): string {
  if (agent !== null) return agent;
  if (by.kind === 'cli') return 'farhand run';
  if (by.kind === 'agent') return by.name ?? 'an agent';
  return by.name === null ? `the ${by.kind}` : `${by.kind} ${by.name}`;
}

/** How the question stands, in words. */
export function statusOf(one: Approval, nowMs: number): string {
  const { decision } = one;
  switch (decision?.kind) {
    case undefined:
      return `waiting for ${waitingFor(one, nowMs)}`;
    case 'allowed': {
      const edited = decision.command === null ? '' : `, as \`${printable(decision.command)}\``;
      const scopes = {
        once: 'once',
        session: 'for this session',
        always: 'for always',
        policy: 'by the policy',
        rule: 'by a rule',
      };
      return `allowed ${scopes[decision.scope]}${edited}`;
    }
    case 'denied':
      return decision.reason === null ? 'denied' : `denied: ${printable(decision.reason)}`;
    case 'answered':
      return 'answered';
    case 'void':
      return `not decided: ${printable(decision.reason)}`;
  }
}

/** What is asked about, line by line, with nothing in it that a terminal would act on. */
export function subjectLines(subject: ApprovalSubject): string[] {
  return textOf(subject)
    .split('\n')
    .map((line) => `  ${printable(line.replaceAll('\t', '    '))}`.trimEnd());
}

function textOf(subject: ApprovalSubject): string {
  switch (subject.kind) {
    case 'command':
      return subject.command;
    case 'edit':
      return subject.files.map(({ patch }) => patch.trimEnd()).join('\n');
    case 'read':
      return `read ${subject.path}`;
    case 'fetch':
      return `fetch ${subject.url}`;
    case 'tool':
      return `${subject.tool}\n${subject.input}`;
    case 'plan':
      return subject.text;
    case 'form': {
      const fields = subject.fields.map(
        ({ title, isRequired }) => `${title}${isRequired ? ' (required)' : ''}`,
      );
      const where = ['Answer it in the page.', ...(subject.url === null ? [] : [subject.url])];
      return [subject.message, ...fields, ...where].join('\n');
    }
    case 'budget':
      return `limit ${subject.limit}, spent ${subject.spent}`;
  }
}
