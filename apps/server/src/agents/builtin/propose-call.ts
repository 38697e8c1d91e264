/** Calls of a dry run: what would change something becomes a proposal. */

import { withOverlay } from '../../dry-run/overlay.ts';
import { notInDryRun, proposedText, type SessionDryRun } from '../../dry-run/session-dry-run.ts';
import type { AgentTurn } from '../agent.ts';
import { SteadyHost } from './steady-host.ts';
import { bashInput } from './tools/bash/schema.ts';
import type { AnyTool, PreparedCall, ToolContext, ToolResult } from './tools/tool.ts';
import { ToolFailure } from './tools/tool.ts';

interface DryCall {
  readonly turn: AgentTurn;
  readonly dryRun: SessionDryRun;
  readonly callId: string;
  readonly tool: AnyTool;
  readonly prepared: PreparedCall;
  /** As the model gave it. */
  readonly input: unknown;
  /** With the number of the proposal that it became. */
  readonly onProposed: (number: number) => void;
}

const WRITES: ReadonlySet<string> = new Set(['write_file', 'edit_file']);
/** Tools that look at files by programs of the host, which see nothing of what is proposed. */
const BY_PROGRAMS: ReadonlySet<string> = new Set(['search', 'list_files']);

/** Runs a call that only looks, over the files as they would be; takes down one that would change something. Throws `ToolFailure`, `FarhandError`. */
export async function proposeCall(call: DryCall, context: ToolContext): Promise<ToolResult> {
  const { turn, dryRun, callId, tool, prepared, input } = call;
  const key = { turnId: turn.turnId, key: `${turn.turnId} ${callId}` };
  if (tool.name === 'bash') {
    const { command } = bashInput.parse(input);
    const number = dryRun.command(key, command, context.directory);
    call.onProposed(number);
    return { text: proposedText(number, 'The command'), view: prepared.preview };
  }
  const isWrite = WRITES.has(tool.name);
  if (!isWrite && (tool.use === 'change' || tool.name === 'task'))
    throw new ToolFailure(notInDryRun(tool.name));
  const { host } = context;
  const taken: { number: number | null } = { number: null };
  const root = await host.do(({ files }) => files.realpath(context.directory));
  const runtime = withOverlay(host.runtime, {
    files: dryRun.files,
    write(real, content, before) {
      const path = real.startsWith(`${root}/`) ? real.slice(root.length + 1) : real;
      taken.number = dryRun.write(key, { real, path, content, before });
    },
  });
  const { stopJob, signal } = host;
  const onContactLost = turn.reports.contactLost;
  const over = new SteadyHost({ runtime, stopJob, signal, onContactLost });
  const result = await prepared.run({ ...context, host: over });
  if (taken.number !== null) {
    call.onProposed(taken.number);
    return { ...result, text: proposedText(taken.number, 'The change') };
  }
  const count = dryRun.files().size;
  const note = `\n[dry run: ${count} proposed files are not looked at by this]`;
  return BY_PROGRAMS.has(tool.name) && count > 0 ? { ...result, text: result.text + note } : result;
}
