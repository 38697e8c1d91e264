import type { ModeId } from '../modes.ts';
import type { AnyTool } from './tool.ts';

/** The tools of one turn, and which of them count now. */
export interface Toolbox {
  /** What the model is told of with its next answer. */
  offered(): readonly AnyTool[];
  /** Null for a tool that this turn has not at all. */
  named(name: string): AnyTool | null;
  /** Why this tool may not begin now, in words for the model; null where it may. */
  refusal(name: string): string | null;
}

interface ToolboxOptions {
  readonly tools: readonly AnyTool[];
  /** As of now: a person or an accepted plan can change it within the turn. */
  readonly mode?: () => ModeId;
  /** The profile that limits them; `*` at the end of a name stands for any end. */
  readonly profile?: { readonly name: string; readonly tools: readonly string[] | null } | null;
}

/** A toolbox whose limits hold for each call, not only for what is offered. */
export function createToolbox({ tools, mode = () => 'exec', profile = null }: ToolboxOptions): Toolbox {
  const named = (name: string) => tools.find((tool) => tool.name === name) ?? null;
  const refusal = (name: string) => {
    const tool = named(name);
    if (!tool) return null;
    const isPlanning = mode() === 'plan';
    if (isPlanning && tool.use === 'change')
      return `“${name}” is not available in plan mode, which only reads. Present the plan with exit_plan first.`;
    if (!isPlanning && tool.use === 'plan') return `“${name}” is only for plan mode.`;
    if (tool.use === 'plan' || !profile?.tools || isListed(profile.tools, name)) return null;
    return `The profile “${profile.name}” does not allow the tool “${name}”.`;
  };
  return { named, refusal, offered: () => tools.filter((tool) => refusal(tool.name) === null) };
}

/** True where these tools, with `*` for any end, are among those; null are all. */
export function isWithin(tools: readonly string[] | null, allowed: readonly string[]): boolean {
  return tools === null ? allowed.includes('*') : tools.every((name) => isListed(allowed, name));
}

function isListed(allowed: readonly string[], name: string): boolean {
  return allowed.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : one === name));
}
