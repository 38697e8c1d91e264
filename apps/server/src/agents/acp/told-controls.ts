import type { AgentOption } from '@farhand/shared/model/agents';
import { z } from 'zod';
import { oneLine } from './updates/bounds.ts';
import { shellWord } from './updates/call-command.ts';

/** What an agent may list: more is no help to a person. */
const MOST_ENTRIES = 500;

const name = z.string().transform((text) => text.slice(0, 300));
const longText = z
  .string()
  .transform((text) => text.slice(0, 2000))
  .nullish()
  .catch(undefined);
/** Ids are sent back as they came, so one that is too long is left out and not cut. */
const id = z.string().min(1).max(500);

const listOf = <Entry extends z.ZodType>(entry: Entry) =>
  z.array(z.unknown()).transform((given) =>
    given.slice(0, MOST_ENTRIES).flatMap((one) => {
      const parsed = entry.safeParse(one);
      return parsed.success ? [parsed.data] : [];
    }),
  );

/** The modes of a session. */
export const modeState = z.object({
  currentModeId: id,
  availableModes: listOf(z.object({ id, name, description: longText })),
});

/** The models of a session, as agents told them before config options. */
export const modelState = z.object({
  currentModelId: id,
  availableModels: listOf(z.object({ modelId: id, name: name.catch(''), description: longText })),
});

const choice = z.object({ value: id, name, description: longText });
const choices = listOf(z.union([z.object({ group: z.string(), name, options: listOf(choice) }), choice]));
const configOption = z.intersection(
  z.object({ id, name, description: longText, category: z.string().max(100).nullish().catch(undefined) }),
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('select'), currentValue: id, options: choices }),
    z.object({ type: z.literal('boolean'), currentValue: z.boolean() }),
  ]),
);
/** The config options of a session. */
export const configOptions = listOf(configOption);

/** What is read of the answer to `session/new`, `load` and `resume`. */
export const sessionAnswer = z
  .object({
    modes: modeState.nullish().catch(undefined),
    models: modelState.nullish().catch(undefined),
    configOptions: configOptions.nullish().catch(undefined),
  })
  .catch({});

/** The updates that are about controls. */
export const controlUpdate = z.discriminatedUnion('sessionUpdate', [
  z.object({ sessionUpdate: z.literal('current_mode_update'), currentModeId: id }),
  z.object({ sessionUpdate: z.literal('config_option_update'), configOptions: z.array(z.unknown()) }),
  z.object({
    sessionUpdate: z.literal('available_commands_update'),
    availableCommands: listOf(
      z.object({
        name: id,
        description: longText,
        input: z.object({ hint: name }).nullish().catch(undefined),
      }),
    ),
  }),
]);

const words = z.array(z.string()).max(100);
const variables = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string());
const launch = z.object({
  command: z.string().min(1).optional(),
  args: words.optional().catch(undefined),
  env: variables.optional().catch(undefined),
});
const authMethod = z.object({
  id,
  name: name.catch(''),
  description: longText,
  type: z.string().nullish().catch(undefined),
  command: z.string().optional().catch(undefined),
  args: words.optional().catch(undefined),
  env: variables.optional().catch(undefined),
  _meta: z
    .object({ 'terminal-auth': launch.optional().catch(undefined) })
    .nullish()
    .catch(undefined),
});
type AuthMethod = z.infer<typeof authMethod>;

/** What is read of the answer to `initialize`. */
export const initializeAnswer = z
  .object({
    agentCapabilities: z
      .object({
        loadSession: z.unknown().optional(),
        promptCapabilities: z
          .object({ image: z.unknown().optional(), embeddedContext: z.unknown().optional() })
          .nullish()
          .catch(undefined),
        mcpCapabilities: z.record(z.string(), z.unknown()).nullish().catch(undefined),
        sessionCapabilities: z
          .object({ resume: z.unknown().optional(), list: z.unknown().optional() })
          .nullish()
          .catch(undefined),
      })
      .nullish()
      .catch(undefined),
    agentInfo: z.object({ name, version: name }).nullish().catch(undefined),
    authMethods: listOf(authMethod)
      .nullish()
      .catch(undefined)
      .transform((methods) => methods ?? []),
  })
  .catch({ authMethods: [] });

type Launch = z.infer<typeof launch>;

/** How a terminal signs in by this method; null for a method of the agent alone. Older agents say it in `_meta`. */
export function terminalLogin(method: Omit<AuthMethod, 'id' | 'name' | 'description'>): Launch | null {
  const { command, args, env, _meta: meta } = method;
  if (meta?.['terminal-auth']) return meta['terminal-auth'];
  return method.type === 'terminal' ? { command, args, env } : null;
}

/** What a person reads before they open the terminal: what the agent says of it, and what it wants to be run. */
export function loginDescription(description: string | null, login: Launch | null): string | null {
  if (!login?.command && !login?.args?.length && !login?.env) return description;
  const runs = `It runs: ${oneLine(shellCommand(login, 'the agent'), 1000)}`;
  return description ? `${description} ${runs}` : runs;
}

/** Words for a shell: variables, then the program and its arguments. */
export function shellCommand({ command, args = [], env = {} }: Launch, startCommand: string): string {
  const set = Object.entries(env).map(([variable, value]) => `${variable}=${shellWord(value)}`);
  const program = command === undefined ? startCommand : shellWord(command);
  return [...(set.length > 0 ? ['env', ...set] : []), program, ...args.map(shellWord)].join(' ');
}

/** What ACP calls `thought_level` is our `effort`. */
const CATEGORIES: ReadonlyMap<string, string> = new Map([['thought_level', 'effort']]);

/** One config option as a control. */
export function optionOf(option: z.infer<typeof configOption>): AgentOption {
  const { id, name, description, category } = option;
  const shared = {
    id,
    name,
    description: description ?? null,
    category: category ? (CATEGORIES.get(category) ?? category) : null,
  };
  if (option.type === 'boolean') return { ...shared, value: option.currentValue, choices: [] };
  return { ...shared, value: option.currentValue, choices: option.options.flatMap(choicesOf) };
}

function choicesOf(given: z.infer<typeof choices>[number]): AgentOption['choices'] {
  if (!('options' in given)) return [choiceOf(given, null)];
  return given.options.map((one) => choiceOf(one, given.name || given.group));
}

function choiceOf({ value, name, description }: z.infer<typeof choice>, group: string | null) {
  return { value, name: name || value, description: description ?? null, group };
}
