/**
 * Whether old output is being drawn again. Programs asked xterm questions in it (what are you, where is the cursor),
 * which were answered long ago: answers given now would reach the shell as stray keys.
 */
export interface Replay {
  readonly isActive: boolean;
}

export type ReplayEvent =
  /** The person typed or pasted: what they see is taken as the present. */
  | { readonly kind: 'typed' }
  /** Nothing has come for `REPLAY_QUIET_MS`, and all that came is drawn. */
  | { readonly kind: 'quiet' };

/** Quiet for this long after the first attachment means that the replay was sent whole; it comes without pauses. */
export const REPLAY_QUIET_MS = 250;

/** At the first sight of a terminal; `isNew` when this page opened it just now, so that nothing in it is old. */
export function startReplay(isNew: boolean): Replay {
  return { isActive: !isNew };
}

/** The replay after an event. It never begins again: after a reconnect only what was not drawn comes. */
export function advanceReplay(replay: Replay, _event: ReplayEvent): Replay {
  return replay.isActive ? { isActive: false } : replay;
}

// DA, DSR, cursor position, mode and window reports, focus events, colour and DCS answers: what xterm itself sends.
const REPORT = new RegExp(
  '^(?:\\u001b\\[[?>=]?[0-9;]*(?:c|n|R|\\$y|t)|\\u001b\\[[IO]|\\u001b[\\]P][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\))+$',
);

/** Whether `text` was made by xterm, not by keys. */
export function isReport(text: string): boolean {
  return REPORT.test(text);
}

/** Whether `text` goes to the host: keys always, xterm's own reports not while old output is drawn. */
export function isSent(replay: Replay, text: string): boolean {
  return !(replay.isActive && isReport(text));
}
