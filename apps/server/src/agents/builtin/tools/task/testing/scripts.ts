import type { ModelRequest, ModelStep } from '@farhand/shared/testing/model-server';

export const call = (name: string, args: unknown): ModelStep => ({ call: { name, arguments: args } });

/** A call that starts a sub-agent with this prompt. */
export const task = (prompt: string, more: object = {}): ModelStep =>
  call('task', { description: `Do ${prompt}`, prompt, ...more });

/** Answers by the message that each conversation began with: its steps in order. */
export const byPrompt =
  (scripts: Record<string, readonly (readonly ModelStep[])[]>) =>
  ({ lastUserText, step }: ModelRequest): readonly ModelStep[] =>
    scripts[lastUserText]?.[step] ?? [{ status: 400, message: `nothing for ${lastUserText} ${step}` }];

/** Something to wait for until the test opens it. */
export function gate(): { wait: Promise<void>; open: () => void } {
  let open = () => {};
  const wait = new Promise<void>((resolve) => (open = resolve));
  return { wait, open };
}
