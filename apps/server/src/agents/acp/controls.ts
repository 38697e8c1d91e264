import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { AgentControls, AgentOption } from '@farhand/shared/model/agents';
import type { SessionId } from '@farhand/shared/model/ids';
import { z } from 'zod';
import * as told from './told-controls.ts';

/** Our name for the list of models that agents had before config options. */
const SESSION_MODEL = 'session_model';

/** What to ask of the agent so that a control counts; the session's id is to be added. */
export type ControlRequest =
  | { readonly method: 'session/set_mode'; readonly params: { modeId: string } }
  | { readonly method: 'session/set_model'; readonly params: { modelId: string } }
  | {
      readonly method: 'session/set_config_option';
      readonly params:
        | { configId: string; value: string }
        | { configId: string; type: 'boolean'; value: boolean };
    };

/** Controls of a session whose agent has told nothing yet. */
export function emptyControls(id: SessionId): AgentControls {
  return {
    id,
    modes: [],
    mode: null,
    options: [],
    commands: [],
    canAttachImages: false,
    canAttachFiles: true,
    logins: [],
    needsLogin: false,
    agentVersion: null,
  };
}

/** With what the agent answered to `initialize`. Files can always be attached: as links where it takes no contents. */
export function withInitialize(controls: AgentControls, answer: unknown): AgentControls {
  const { agentCapabilities, agentInfo, authMethods } = told.initializeAnswer.parse(answer);
  return {
    ...controls,
    canAttachImages: agentCapabilities?.promptCapabilities?.image === true,
    logins: authMethods.map(({ id, name, description, ...method }) => {
      const login = told.terminalLogin(method);
      return {
        id,
        name: name || id,
        description: told.loginDescription(description ?? null, login),
        kind: login ? 'terminal' : 'agent',
      };
    }),
    agentVersion: agentInfo ? `${agentInfo.name} ${agentInfo.version}`.slice(0, 200) : null,
  };
}

/** With what the agent answered to `session/new`, `session/load` or `session/resume`: it is signed in. */
export function withSession(controls: AgentControls, answer: unknown): AgentControls {
  const { modes, models, configOptions } = told.sessionAnswer.parse(answer ?? {});
  const signedIn = { ...controls, needsLogin: false };
  const withModes = modes ? { ...signedIn, ...modesOf(modes) } : signedIn;
  const options = configOptions?.map(told.optionOf) ?? [];
  const hasModel = options.some(({ category }) => category === 'model');
  if (models && !hasModel) options.unshift(modelOption(models));
  return modes || models || configOptions ? withOptions(withModes, options) : withModes;
}

/** With one `session/update` of those about controls; others change nothing. */
export function withControlUpdate(controls: AgentControls, update: unknown): AgentControls {
  const parsed = told.controlUpdate.safeParse(update);
  if (!parsed.success) return controls;
  const news = parsed.data;
  if (news.sessionUpdate === 'current_mode_update') return { ...controls, mode: news.currentModeId };
  if (news.sessionUpdate === 'config_option_update') return withConfig(controls, news.configOptions);
  return {
    ...controls,
    commands: news.availableCommands.map(({ name, description, input }) => ({
      name: name.replace(/^\//, ''),
      description: description ?? '',
      hint: input?.hint ?? null,
    })),
  };
}

/** With the whole list of config options as it now is; also what `session/set_config_option` answers. */
export function withConfig(controls: AgentControls, configOptions: unknown): AgentControls {
  const parsed = told.configOptions.safeParse(configOptions);
  if (!parsed.success) return controls;
  const options = parsed.data.map(told.optionOf);
  const old = controls.options.find(({ id }) => id === SESSION_MODEL);
  const hasModel = options.some(({ category }) => category === 'model');
  return withOptions(controls, old && !hasModel ? [old, ...options] : options);
}

/** With a control as it was set: what an agent that answers nothing more must have done. */
export function withValue(controls: AgentControls, control: string, value: string | boolean): AgentControls {
  if (control === 'mode' && typeof value === 'string' && controls.modes.length > 0)
    return { ...controls, mode: value };
  const options = controls.options.map((option) => (option.id === control ? { ...option, value } : option));
  return { ...controls, options };
}

/** What to ask of the agent for this value of a control. Throws `session.unknown_control` where it is none of the choices. */
export function controlRequest(
  controls: AgentControls | null,
  control: string,
  value: string | boolean,
): ControlRequest {
  const option = controls?.options.find(({ id }) => id === control);
  if (control === 'mode' && controls?.modes.some(({ id }) => id === value))
    return { method: 'session/set_mode', params: { modeId: String(value) } };
  if (!option || !fits(option, value))
    throw new FarhandError('session.unknown_control', { details: { control } });
  if (option.id === SESSION_MODEL) return { method: 'session/set_model', params: { modelId: String(value) } };
  const params =
    typeof value === 'boolean'
      ? { configId: control, type: 'boolean' as const, value }
      : { configId: control, value };
  return { method: 'session/set_config_option', params };
}

/** The model that is chosen, by its name; null where the agent does not let one choose. */
export function modelOf({ options }: AgentControls): string | null {
  const option = options.find(({ category }) => category === 'model');
  return option?.choices.find(({ value }) => value === option.value)?.name ?? null;
}

/**
 * What a terminal runs to sign in by this method, as a shell takes it: the program that the method names, or the agent's
 * own start command with the method's arguments. Null where the agent does it alone.
 */
export function loginCommand(answer: unknown, loginId: string, startCommand: string): string | null {
  const { authMethods } = told.initializeAnswer.parse(answer);
  const method = authMethods.find(({ id }) => id === loginId);
  if (!method) throw new FarhandError('session.unknown_control', { details: { control: loginId } });
  const login = told.terminalLogin(method);
  return login ? told.shellCommand(login, startCommand) : null;
}

function modesOf({ currentModeId, availableModes }: z.infer<typeof told.modeState>) {
  return {
    mode: currentModeId,
    modes: availableModes.map((mode) => ({ ...mode, description: mode.description ?? null })),
  };
}

function modelOption({ currentModelId, availableModels }: z.infer<typeof told.modelState>): AgentOption {
  return {
    id: SESSION_MODEL,
    name: 'Model',
    description: null,
    category: 'model',
    value: currentModelId,
    choices: availableModels.map(({ modelId, name, description }) => ({
      value: modelId,
      name: name || modelId,
      description: description ?? null,
      group: null,
    })),
  };
}

// Agents that have modes and an option for them mean the same by both.
function withOptions(controls: AgentControls, options: readonly AgentOption[]): AgentControls {
  if (controls.modes.length === 0) return { ...controls, options: [...options] };
  const set = options.find(({ category }) => category === 'mode')?.value;
  const mode = controls.modes.some(({ id }) => id === set) ? String(set) : controls.mode;
  return { ...controls, mode, options: options.filter(({ category }) => category !== 'mode') };
}

function fits({ choices, value: now }: AgentOption, value: string | boolean): boolean {
  if (typeof now === 'boolean') return typeof value === 'boolean';
  return choices.some((choice) => choice.value === value);
}
