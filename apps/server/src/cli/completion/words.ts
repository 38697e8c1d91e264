import type { Command } from 'commander';
import type { Call } from '../client.ts';

/** What may be typed next, one word each; `words` are those after the program, the last being typed. */
export async function wordsAfter(program: Command, words: readonly string[], call: Call): Promise<string[]> {
  const typed = words.at(-1) ?? '';
  const { command, place } = commandOf(program, words.slice(0, -1));
  const found = typed.startsWith('-')
    ? optionsOf(command)
    : [...subcommandsOf(command), ...(await namesFor(command, place, call))];
  return [...new Set(found)]
    .filter((word) => word.startsWith(typed) && /^[\w@.:/+-]+$/.test(word))
    .toSorted();
}

interface Reached {
  readonly command: Command;
  /** How many arguments of the command stand there already; or the option whose value is typed. */
  readonly place: number | string;
}

function commandOf(program: Command, words: readonly string[]): Reached {
  let command = program;
  let place: number | string = 0;
  for (const word of words) {
    if (typeof place === 'string') {
      place = 0;
      continue;
    }
    const option = command.options.find(({ long, short }) => long === word || short === word);
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (option && (option.required || option.optional)) place = option.long ?? word;
    else if (next && place === 0) command = next;
    else if (!word.startsWith('-')) place += 1;
  }
  return { command, place };
}

const optionsOf = ({ options }: Command) => options.flatMap(({ long }) => (long ? [long] : []));

const subcommandsOf = ({ commands }: Command) =>
  commands.filter((one) => !isHidden(one)).map((one) => one.name());

const isHidden = (command: Command) => command.name().startsWith('_');

/** Names that only the server knows, by what the argument or the option is called. */
const SOURCES: Readonly<Record<string, (call: Call) => Promise<string[]>>> = {
  host: async (call) => (await call('host.list', {})).hosts.map(({ id }) => id),
  workspace: async (call) => (await call('workspace.list', {})).workspaces.map(({ name }) => name),
  session: async (call) => (await call('session.list', {})).sessions.map(({ id }) => id),
  project: async (call) => (await call('project.list', {})).projects.map(({ name }) => name),
  token: async (call) => (await call('token.list', {})).tokens.map(({ name }) => name),
  approval: async (call) => (await call('approval.list', {})).approvals.map(({ id }) => id),
};

async function namesFor(command: Command, place: number | string, call: Call): Promise<string[]> {
  if (typeof place === 'string') {
    const option = command.options.find(({ long }) => long === place);
    return option?.argChoices ?? (await namesOf(place.replace(/^--/, ''), call));
  }
  const argument = command.registeredArguments[place] ?? command.registeredArguments.at(-1);
  if (!argument || (place >= command.registeredArguments.length && !argument.variadic)) return [];
  const noun = command.parent?.name() ?? '';
  // `host test <name>` and `approvals show <id>` mean one of their own noun.
  const name = ['name', 'id'].includes(argument.name()) ? noun.replace(/s$/, '') : argument.name();
  return argument.argChoices ?? (await namesOf(name, call));
}

// Without a server there is nothing to offer; a completion has no place for an error.
async function namesOf(name: string, call: Call): Promise<string[]> {
  const source = Object.hasOwn(SOURCES, name) ? SOURCES[name] : undefined;
  return source ? await source(call).catch(() => []) : [];
}
