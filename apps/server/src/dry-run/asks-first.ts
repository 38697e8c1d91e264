import type { AgentControls, AgentId } from '@farhand/shared/model/agents';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';

/** What is known of an agent of the protocol. */
export interface AsksFirst {
  readonly agent: AgentId;
  /** Its mode, as it told; null where it has none. */
  readonly mode: string | null;
  readonly items: () => readonly TranscriptItem[];
}

/** Agents that ask before each command and each change in their usual mode. */
const ASKING: ReadonlySet<string> = new Set(['claude', 'codex', 'gemini', 'qwen']);
/** Modes in which agents act without a question, as they call them. */
const UNASKED = /bypass|accept.?edits|full|auto|yolo|dont.?ask|never/i;

/**
 * True where what an agent does passes by us before it is done. The protocol has no word for that: it is known of some
 * agents, and seen of others once they have asked.
 */
export function asksFirst({ agent, mode, items }: AsksFirst): boolean {
  if (mode !== null && UNASKED.test(mode)) return false;
  return ASKING.has(agent) || items().some(({ kind }) => kind === 'approval');
}

/** A mode with the control by which it is set. */
export interface ControlMode {
  readonly control: string;
  readonly value: string;
}

/** In which mode an agent is, as it told by its modes or by an option for them; null where it has none. */
export function modeIn({ mode, options }: Pick<AgentControls, 'mode' | 'options'>): ControlMode | null {
  if (mode !== null) return { control: 'mode', value: mode };
  const option = options.find(({ category }) => category === 'mode');
  return option && typeof option.value === 'string' ? { control: option.id, value: option.value } : null;
}
