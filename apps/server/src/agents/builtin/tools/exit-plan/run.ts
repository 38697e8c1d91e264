import type { AgentTurn } from '../../../agent.ts';
import { publishMode } from '../../controls.ts';
import { Interrupted } from '../../interrupted.ts';
import { type Tool, ToolFailure } from '../tool.ts';
import { type ExitPlanInput, exitPlanInput } from './schema.ts';

/** Ends plan mode: the person accepts the plan, and the work begins in the same turn, or says what is wrong with it. */
export function exitPlan(turn: AgentTurn): Tool<ExitPlanInput> {
  return {
    name: 'exit_plan',
    description:
      'Presents the plan to the person and waits for the answer. Accepted, the mode becomes exec: do the work then.',
    input: exitPlanInput,
    // Asked again with its call's id, after a restart too, it is the same question.
    effect: 'read',
    use: 'plan',
    title: () => 'Plan',
    preview: ({ plan }) => ({ kind: 'markdown', text: plan }),
    async run({ plan }, { call, directory, secrets }) {
      const view = { kind: 'markdown' as const, text: plan };
      const decision = await turn.approvals.ask(
        {
          key: call.callId,
          turnId: turn.turnId,
          itemId: call.itemId,
          title: 'Accept the plan',
          cwd: directory,
          subject: { kind: 'plan', text: secrets.redactor().text(plan) },
          effect: 'switch_mode',
          paths: [],
          canEdit: false,
          canAllowSession: false,
          why: 'The agent has a plan and waits for it to be accepted.',
        },
        turn.signal,
      );
      if (turn.signal.aborted) throw new Interrupted(turn.signal.reason === 'close' ? 'close' : 'stop');
      if (decision.kind === 'allowed') {
        publishMode(turn, 'exec');
        return { text: 'The person accepted the plan. The mode is exec now: do the work as planned.', view };
      }
      const reason = decision.kind === 'denied' || decision.kind === 'void' ? decision.reason : null;
      throw new ToolFailure(
        `The person did not accept the plan${reason ? `: ${reason}` : '.'}\nThe mode is still plan: go on planning, then present the plan anew.`,
      );
    },
  };
}
