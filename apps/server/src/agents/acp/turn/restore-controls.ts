import type { AgentControls } from '@farhand/shared/model/agents';
import type { Link } from '../connection/link.ts';
import { controlRequest, withValue } from '../controls.ts';

/** What a person chose in the program of before, set again in the one that took its place; gives what holds now. */
export async function restoreControls(
  link: Link,
  { before, now }: { before: AgentControls; now: AgentControls },
  withinMs: number,
): Promise<AgentControls> {
  const chosen: [string, string | boolean][] = [
    ...(before.mode === null || before.mode === now.mode ? [] : [['mode', before.mode] as [string, string]]),
    ...before.options.flatMap(({ id, value }): [string, string | boolean][] =>
      now.options.some((option) => option.id === id && option.value !== value) ? [[id, value]] : [],
    ),
  ];
  let held = now;
  for (const [control, value] of chosen) {
    try {
      const { method, params } = controlRequest(held, control, value);
      await link.call(method, { sessionId: link.record.nativeId, ...params }, { withinMs });
      held = withValue(held, control, value);
    } catch (thrown) {
      // It has no such choice any more; what it says that holds is shown.
      if (link.end) throw thrown;
    }
  }
  return held;
}
