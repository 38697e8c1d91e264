import { isDeepStrictEqual } from 'node:util';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { AgentControls, AgentOption } from '@farhand/shared/model/agents';
import type { AgentSession } from '../agent.ts';
import { type Effort, effort } from './model/effort.ts';
import { MODES, type ModeId, modeOf } from './modes.ts';
import { NO_PROFILE } from './profiles/profile.ts';
import { type AgentFiles, NO_FILES, readAgentFiles } from './workspace-files/agent-files.ts';

type Session = Pick<AgentSession, 'sessionId' | 'controls'>;

/** Shows what can be set and called; what was chosen stays chosen. */
export function publishControls(session: Session, files: AgentFiles): AgentControls {
  const before = session.controls.get();
  const now: AgentControls = {
    id: session.sessionId,
    modes: [...MODES],
    mode: modeOf(before),
    options: [effortOption(chosenEffort(before)), profileOption(chosenProfile(before), files)],
    commands: files.commands.map(({ name, description, hint }) => ({ name, description, hint })),
    canAttachImages: true,
    canAttachFiles: true,
    logins: [],
    needsLogin: false,
    agentVersion: null,
  };
  if (!isDeepStrictEqual(before, now)) session.controls.set(now);
  return now;
}

/** Reads the workspace's files and shows the controls; see `Agent.open`. */
export async function openControls(session: AgentSession): Promise<AgentControls> {
  const { directory, runtime } = session.place;
  // A host that is away must not keep the modes from being chosen.
  if (session.controls.get() === null) publishControls(session, NO_FILES);
  return publishControls(session, await readAgentFiles({ directory, host: { do: (work) => work(runtime) } }));
}

/** See `Agent.setControl`. */
export async function setControl(
  session: AgentSession,
  control: string,
  value: string | boolean,
): Promise<void> {
  const known = session.controls.get() ?? publishControls(session, NO_FILES);
  if (offers(known, control, value)) return session.controls.set(changed(known, control, String(value)));
  // A profile may have been written since.
  const fresh = control === 'profile' ? await openControls(session) : known;
  if (!offers(fresh, control, value))
    throw new FarhandError('session.unknown_control', { details: { control } });
  session.controls.set(changed(fresh, control, String(value)));
}

export function chosenEffort(controls: AgentControls | null): Effort {
  return effort.catch('default').parse(valueOf(controls, 'effort'));
}

/** The id of the profile; null for none. */
export function chosenProfile(controls: AgentControls | null): string | null {
  const value = valueOf(controls, 'profile');
  return typeof value === 'string' && value !== NO_PROFILE ? value : null;
}

function valueOf(controls: AgentControls | null, id: string): string | boolean | null {
  return controls?.options.find((option) => option.id === id)?.value ?? null;
}

function offers({ modes, options }: AgentControls, control: string, value: string | boolean): boolean {
  if (control === 'mode') return modes.some(({ id }) => id === value);
  const option = options.find(({ id }) => id === control);
  return option?.choices.some((choice) => choice.value === value) ?? false;
}

function changed(controls: AgentControls, control: string, value: string): AgentControls {
  if (control === 'mode') return { ...controls, mode: value };
  const options = controls.options.map((option) => (option.id === control ? { ...option, value } : option));
  return { ...controls, options };
}

function effortOption(value: Effort): AgentOption {
  return {
    id: 'effort',
    name: 'Effort',
    description: 'How much the model thinks, where it can be told.',
    category: 'effort',
    value,
    choices: [
      choice('default', 'Default'),
      choice('low', 'Low'),
      choice('medium', 'Medium'),
      choice('high', 'High'),
    ],
  };
}

function profileOption(chosen: string | null, { profiles }: AgentFiles): AgentOption {
  const known = profiles.map(({ id, name, description }) => choice(id, name, description));
  // Not put back in silence: the person chose it, perhaps for its limits.
  const isLost = chosen !== null && !profiles.some(({ id }) => id === chosen);
  return {
    id: 'profile',
    name: 'Profile',
    description: 'An agent of the workspace’s .farhand/agents folder.',
    category: 'profile',
    value: chosen ?? NO_PROFILE,
    choices: [
      choice(NO_PROFILE, 'None'),
      ...known,
      ...(isLost ? [choice(chosen, `${chosen} (not found)`)] : []),
    ],
  };
}

function choice(
  value: string,
  name: string,
  description: string | null = null,
): AgentOption['choices'][number] {
  return { value, name, description, group: null };
}

/** Changes the mode, as an accepted plan does. */
export function publishMode(session: Session, mode: ModeId): void {
  const controls = session.controls.get() ?? publishControls(session, NO_FILES);
  session.controls.set({ ...controls, mode });
}
