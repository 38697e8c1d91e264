import type { AgentControls } from '@farhand/shared/model/agents';

/** `plan`: the model only reads, and presents a plan; `exec`: it works. */
export type ModeId = 'exec' | 'plan';

/** The modes as a person sees them; the first one holds in a new session. */
export const MODES: AgentControls['modes'] = [
  { id: 'exec', name: 'Work', description: 'Reads, changes files and runs commands.' },
  { id: 'plan', name: 'Plan', description: 'Only reads, then presents a plan to accept.' },
];

/** The mode that holds by these controls. */
export function modeOf(controls: AgentControls | null): ModeId {
  return controls?.mode === 'plan' ? 'plan' : 'exec';
}

const READ_ONLY =
  'Mode: plan. Only read: nothing may be changed and no command may be run; such tools are refused.';

/** What the model is told of the mode, with each answer that it is asked for. */
export const MODE_ADVICE: Readonly<Record<'main' | 'subAgent', Readonly<Record<ModeId, string>>>> = {
  main: {
    exec: 'Mode: exec. Do the work.',
    plan: [
      READ_ONLY,
      'Find out what is needed, then call exit_plan with a plan in Markdown: what you will change where, in which order, and how it will be checked.',
      'If the plan is not accepted, go on planning with the reason in mind. If only a question was asked, answer it.',
    ].join('\n'),
  },
  subAgent: { exec: 'Mode: exec. Do the work.', plan: READ_ONLY },
};
