import { z } from 'zod';

/** `ref`: a name that git takes for a branch or tag; `path`: one that goes to no parent folder. */
export const parameterType = z.enum(['choice', 'string', 'int', 'path', 'ref']);
export type ParameterType = z.infer<typeof parameterType>;

/** One word that is filled into an operation's command. */
export const operationParameter = z.object({
  name: z.string(),
  type: parameterType,
  description: z.string().nullable(),
  /** Empty but for a choice. */
  choices: z.array(z.string()),
  /** A regular expression that the whole value has to fit. */
  pattern: z.string().nullable(),
  /** Of a number. */
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** Null where it has to be given. */
  default: z.string().nullable(),
});
export type OperationParameter = z.infer<typeof operationParameter>;

/** A command that a person defined by name in config.toml, so that agents can ask for it. */
export const operation = z.object({
  name: z.string(),
  description: z.string().nullable(),
  /** A host's name, or `workspace`: where it is asked from. */
  host: z.string(),
  /** With `{name}` in the place of parameters. */
  argv: z.array(z.string()),
  parameters: z.array(operationParameter),
  /** True where a person allows each run of an agent. */
  isAsked: z.boolean(),
  cwd: z.string().nullable(),
  environment: z.record(z.string(), z.string()),
  timeoutS: z.number(),
  /** Names of the projects whose agents may ask for it; null for all. */
  projects: z.array(z.string()).nullable(),
  /** Agents that may ask for it; null for all, and programs in terminals. */
  agents: z.array(z.string()).nullable(),
  /** Why it cannot be used, where that is so; the rest is then not what it says. */
  problem: z.string().nullable(),
});
export type Operation = z.infer<typeof operation>;
