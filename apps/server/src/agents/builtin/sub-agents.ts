import type { SessionId } from '@farhand/shared/model/ids';
import type { TurnState } from '@farhand/shared/model/transcripts';
import type { Effort } from './model/effort.ts';
import type { ModeId } from './modes.ts';

/** Below a session that a person began, so many levels of sub-agents. */
export const DEEPEST_SUB_AGENT = 2;

/** What a sub-agent is to do, and how. */
export interface SubAgentSpec {
  /** The session that it works for. */
  readonly parent: SessionId;
  /** A few words: the title of its session. */
  readonly description: string;
  readonly prompt: string;
  /** `provider/model`. */
  readonly model: string;
  readonly mode: ModeId;
  readonly effort: Effort;
  /** Of a profile of the workspace; null for none. */
  readonly profile: string | null;
  /** True for a fork of the workspace, whose changes stay there. */
  readonly isIsolated: boolean;
}

/** How a sub-agent ended. */
export interface SubAgentResult {
  readonly state: Exclude<TurnState, 'working'>;
  /** What it said last; why it failed, where it did. */
  readonly text: string;
  /** Files that its own calls changed, relative to its workspace. */
  readonly files: readonly string[];
  /** The folder of its workspace, on the host; null where it is gone. */
  readonly directory: string | null;
  /** The name of the workspace where it is not that of the parent. */
  readonly workspace: string | null;
}

/** Sessions that work for another one. */
export interface SubAgents {
  /** False where no fork of a workspace can be made here. */
  readonly canIsolate: boolean;
  /** 0 for a session that a person began. */
  depth(id: SessionId): number;
  /** Makes the session and begins its turn, or not once the signal is aborted; done before, also before a restart, it changes nothing. */
  start(child: SessionId, spec: SubAgentSpec, signal: AbortSignal): Promise<void>;
  /** Resolves when its turn has ended; rejects with the signal's reason when that is aborted. */
  result(child: SessionId, signal: AbortSignal): Promise<SubAgentResult>;
  /** Ends its turn and what it runs; nothing happens where there is none. */
  stop(child: SessionId): Promise<void>;
}
