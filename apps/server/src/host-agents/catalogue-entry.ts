import type { AgentId } from '@farhand/shared/model/agents';

/** A way to install an agent that its maker documents. */
export interface Install {
  readonly id: string;
  /** The program that carries it out; it is offered where the host has that. */
  readonly by: string;
  readonly command: string;
}

/** An agent that Farhand knows by name. All strings are ours, never a person's or a host's. */
export interface CatalogueEntry {
  readonly id: AgentId;
  readonly name: string;
  readonly kind: 'acp' | 'terminal';
  /** What it may be called on the PATH, best first. Plain words: the look on the host does not quote them. */
  readonly programs: readonly [string, ...string[]];
  /** Programs that it starts itself and cannot do without. */
  readonly needs: readonly string[];
  readonly arguments: readonly string[];
  /** Variables for it, where the host and the project set none of that name. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Arguments for versions before `below`. */
  readonly older?: { readonly below: string; readonly arguments: readonly string[] };
  /** What prints its version; absent where it cannot be asked. */
  readonly version?: readonly [string, ...string[]];
  /** Best first. */
  readonly installs: readonly Install[];
  readonly note: string;
}

/** From npm: for all users where npm's own folder can be written, and for this user alone otherwise. */
export function fromNpm(...packages: readonly [string, ...string[]]): Install[] {
  const names = packages.join(' ');
  return [
    { id: 'npm', by: NPM_GLOBAL, command: `npm install -g ${names}` },
    { id: 'npm-user', by: 'npm', command: `npm install -g --prefix "$HOME/.local" ${names}` },
  ];
}

/** In place of a program's name: npm, where this user may install for everyone. */
export const NPM_GLOBAL = 'npm-global';
