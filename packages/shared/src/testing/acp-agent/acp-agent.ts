/** The scripted agent of the Agent Client Protocol: a program of plain Node that a test puts on a host and starts there. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** How the scripted agent behaves; well where nothing is said. What it does in a turn are the lines of the prompt: see steps.mjs. */
export interface AcpAgentOptions {
  /** A file on the host to which it adds each message it gets, and each start, as lines of JSON. */
  readonly log?: string;
  /** A file on the host that keeps its conversations, so that the next program can load them. */
  readonly memory?: string;
  /** What `initialize` says that it can; loading, images and embedded files when absent. */
  readonly capabilities?: object;
  readonly protocolVersion?: number;
  readonly authMethods?: readonly object[];
  /** `session/new` wants a sign-in until this file on the host is there; `authenticate` makes it. */
  readonly signedIn?: string;
  /** A method that it never answers. */
  readonly hangIn?: string;
  /** Methods that it does not know, whatever it advertises. */
  readonly missing?: readonly string[];
  /** Written to stdout before the protocol begins. */
  readonly banner?: string;
  /** Ends it at once, after this. */
  readonly crash?: { readonly stderr: string; readonly code: number };
  /** `ignored`: it goes on after `session/cancel`. */
  readonly cancel?: 'ignored';
  /** What a second prompt does to the first; it waits when absent. */
  readonly secondPrompt?: 'cancels';
  /** Ends the turn without a word after a rejected permission. */
  readonly endsOnReject?: boolean;
  readonly permissionIds?: { readonly allow: string; readonly reject: string };
  /** Tells something of its own accord after a conversation was opened. */
  readonly lateNews?: boolean;
  readonly modes?: false;
  readonly configOptions?: readonly object[];
  /** Told with the end of each turn. */
  readonly usage?: object;
}

/** Puts the program into `folder`, which is made, with its options; gives what a shell runs to start it. */
export function placeAcpAgent(folder: string, options: AcpAgentOptions = {}): { command: string } {
  mkdirSync(folder, { recursive: true });
  for (const file of ['agent.mjs', 'steps.mjs'])
    copyFileSync(fileURLToPath(new URL(file, import.meta.url)), `${folder}/${file}`);
  const optionsFile = `${folder}/options.json`;
  writeFileSync(optionsFile, JSON.stringify(options));
  return { command: `exec '${process.execPath}' '${folder}/agent.mjs' '${optionsFile}'` };
}
