/**
 * What is loaded for a workspace that is on the screen. One module, as two that are loaded apart would each bring their
 * own copy of what both use.
 */
export { Inspector } from '../changes/inspector.tsx';
export { showNewSession, showNewTerminal } from '../panes/pane-actions.ts';
export { default as PaneGrid } from '../panes/pane-grid.tsx';

/** Questions are rare next to looks at a workspace. */
export const loadApprovalCard = () => import('../approvals/approval-card.tsx');

/** Boards bring little of their own: they are made of what is loaded here. */
export const loadBoard = () => import('../panes/board-view.tsx');
