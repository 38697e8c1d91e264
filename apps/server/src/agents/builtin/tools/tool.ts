import type { ItemId, JobId, SessionId, WorkspaceId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import type { ToolView } from '@farhand/shared/model/transcripts';
import type { JobSpec } from '@farhand/shared/runtime/port';
import { z } from 'zod';
import type { SessionAsides, TurnSecrets } from '../../agent.ts';
import type { ToolImage } from '../messages.ts';
import type { SteadyHost } from '../steady-host.ts';

/** What a running call shows of itself. */
export interface LiveCall {
  /** The model's id of it, the same after a restart. */
  readonly callId: string;
  readonly itemId: ItemId;
  /** The session that an earlier run of this call chose for its sub-agent; null where there was none. */
  readonly childSessionId: SessionId | null;
  /** Output so far, also of before a restart. */
  readonly shownOutput: string;
  /** The job chosen by an earlier run of this call; null where there was none. */
  readonly jobId: JobId | null;
  /** When it first began, also before a restart. */
  readonly startedAtMs: number;
  /** Stores the job before it is started, so that a restarted server finds it. */
  setJob(jobId: JobId): void;
  /** Stores the sub-agent's session before it is made, for the same reason. */
  setChild(sessionId: SessionId): void;
  /** Begins the output anew: what follows is all of it. */
  restartOutput(): void;
  /** Output as it comes, secrets redacted, with its ANSI colours. */
  output(text: string): void;
}

/** A command that runs on after its call. */
export interface BackgroundStart {
  readonly jobId: JobId;
  readonly itemId: ItemId;
  readonly title: string;
}

/** What a tool may touch. */
export interface ToolContext {
  readonly workspaceId: WorkspaceId;
  /** The workspace's folder on the host, absolute. */
  readonly directory: string;
  readonly host: SteadyHost;
  readonly secrets: TurnSecrets;
  readonly call: LiveCall;
  readonly asides?: SessionAsides | undefined;
  /** By whose word the call runs, for the record of what it starts; absent where nobody had to be asked. */
  readonly allowedBy?: JobSpec['allowedBy'];
  /** To be called for each command that runs on after its call, so that its end is told. */
  readonly onBackground?: (job: BackgroundStart) => void;
}

/** How a call ended. The caller redacts it before it is stored, shown or sent. */
export interface ToolResult {
  /** For the model. */
  readonly text: string;
  readonly images?: readonly ToolImage[];
  readonly view?: ToolView | null;
  readonly exit?: Exit | null;
  /** `failed` is told to the model as an error; `stopped` is shown as such. */
  readonly state?: 'done' | 'failed' | 'stopped';
}

/**
 * What running a call does, which says what becomes of it after a restart: `read` may run beside others and again,
 * `change` may not run twice unseen, `job` is found again on the host.
 */
type ToolEffect = 'read' | 'change' | 'job';

/** When it may be used: `look` always, `change` not in plan mode, `plan` in plan mode alone. */
type ToolUse = 'look' | 'change' | 'plan';

export interface Tool<Input = unknown> {
  readonly name: string;
  /** For the model. */
  readonly description: string;
  readonly input: z.ZodType<Input>;
  readonly effect: ToolEffect;
  /** `change` where it is left out. */
  readonly use?: ToolUse;
  /** One line: what and where. */
  title(input: Input): string;
  /** What can be shown while it runs; null for nothing. */
  preview?(input: Input): ToolView | null;
  /** Throws `FarhandError` for what the model is told of, `ToolFailure` with a sentence of its own, `Interrupted`. */
  run(input: Input, context: ToolContext): Promise<ToolResult>;
}

/** A call whose arguments fit. */
export interface PreparedCall {
  readonly title: string;
  readonly preview: ToolView | null;
  run(context: ToolContext): Promise<ToolResult>;
}

/** A tool of any input: arguments only reach it through its schema. */
export interface AnyTool extends Pick<Tool, 'name' | 'description' | 'effect'> {
  readonly use: ToolUse;
  readonly input: z.ZodType;
  /** What the model is told of its arguments, where that is not made from `input`. */
  readonly jsonSchema?: Record<string, unknown>;
  /** The call, or what is wrong with the arguments. */
  prepare(input: unknown): PreparedCall | string;
}

/** Hides a tool's input type. */
export function anyTool<Input>(tool: Tool<Input>): AnyTool {
  const { name, description, effect, use = 'change', input: schema } = tool;
  return {
    name,
    description,
    effect,
    use,
    input: schema,
    prepare(input) {
      const parsed = schema.safeParse(input);
      if (!parsed.success) return z.prettifyError(parsed.error);
      const { data } = parsed;
      return {
        title: tool.title(data),
        preview: tool.preview?.(data) ?? null,
        run: (context) => tool.run(data, context),
      };
    },
  };
}

/** What went wrong, in words for the model. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure';
}
