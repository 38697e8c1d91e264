import type { Actor } from './audit.ts';

/** Who it was, in words that can begin a sentence, as `Token deploy-bot`; `named` gives what a person calls an agent. */
export function actorText(
  { kind, name }: Actor,
  named: (agent: string) => string = (agent) => agent,
): string {
  switch (kind) {
    case 'page':
      return 'You, in the page';
    case 'cli':
      return 'You, by the command line';
    case 'token':
      return name === null ? 'A token' : `Token ${name}`;
    case 'agent':
      return name === null ? 'An agent' : named(name);
    case 'server':
      return 'Farhand';
  }
}
