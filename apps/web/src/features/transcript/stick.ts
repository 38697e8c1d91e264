/** Where the reader is: at the bottom and following, or elsewhere with `unseen` new rows below. */
export interface Stick {
  readonly following: boolean;
  /** Rows that came since the reader left the bottom. */
  readonly unseen: number;
  readonly rows: number;
  readonly offset: number;
}

export type StickEvent =
  /** The list moved; `distance` is from its bottom edge to the end of the content, in px. */
  | { readonly kind: 'scrolled'; readonly offset: number; readonly distance: number }
  | { readonly kind: 'grew'; readonly rows: number }
  /** The reader opened or closed something: what they look at must stay. */
  | { readonly kind: 'toggled' }
  | { readonly kind: 'jumped' };

export const STICK_START: Stick = { following: true, unseen: 0, rows: 0, offset: 0 };

/** Close enough to the end to count as there: about one line of text, in px. */
const NEAR_PX = 24;

/**
 * The next place. Only a move upwards leaves the bottom: content that grew below us also raises the distance, and
 * must not be taken for the reader's wish.
 */
export function stick(state: Stick, event: StickEvent): Stick {
  switch (event.kind) {
    case 'scrolled':
      return scrolled(state, event.offset, event.distance);
    case 'grew':
      return {
        ...state,
        rows: event.rows,
        unseen: state.following ? 0 : state.unseen + Math.max(0, event.rows - state.rows),
      };
    case 'toggled':
      return { ...state, following: false };
    case 'jumped':
      return { ...state, following: true, unseen: 0 };
  }
}

function scrolled(state: Stick, offset: number, distance: number): Stick {
  if (distance <= NEAR_PX) return { ...state, offset, following: true, unseen: 0 };
  const movedUp = offset < state.offset - 1;
  return { ...state, offset, following: state.following && !movedUp };
}
