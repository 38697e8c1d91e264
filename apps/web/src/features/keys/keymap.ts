/** Every key of the app: what it does and its chord, as `mod+k` (`mod` is ⌘ on a Mac, Ctrl elsewhere). */
export const KEYMAP = {
  'palette.open': { title: 'Open the palette', group: 'Go', keys: 'mod+k' },
  'palette.commands': { title: 'Find a command', group: 'Go', keys: 'mod+shift+p' },
  'palette.files': { title: 'Find a file of the workspace', group: 'Go', keys: 'mod+p' },
  'needs_you.next': { title: 'Next workspace that needs you', group: 'Go', keys: 'alt+arrowdown' },
  'needs_you.previous': { title: 'Previous workspace that needs you', group: 'Go', keys: 'alt+arrowup' },
  'host.answer': { title: 'Answer what a host asks', group: 'Go', keys: 'alt+a' },
  'workspace.1': { title: 'Go to workspace 1', group: 'Go', keys: 'mod+1' },
  'workspace.2': { title: 'Go to workspace 2', group: 'Go', keys: 'mod+2' },
  'workspace.3': { title: 'Go to workspace 3', group: 'Go', keys: 'mod+3' },
  'workspace.4': { title: 'Go to workspace 4', group: 'Go', keys: 'mod+4' },
  'workspace.5': { title: 'Go to workspace 5', group: 'Go', keys: 'mod+5' },
  'workspace.6': { title: 'Go to workspace 6', group: 'Go', keys: 'mod+6' },
  'workspace.7': { title: 'Go to workspace 7', group: 'Go', keys: 'mod+7' },
  'workspace.8': { title: 'Go to workspace 8', group: 'Go', keys: 'mod+8' },
  'workspace.9': { title: 'Go to workspace 9', group: 'Go', keys: 'mod+9' },
  'workspace.new': { title: 'New workspace', group: 'Workspace', keys: 'alt+n' },
  'workspace.fetch': { title: 'Fetch the workspace’s commits', group: 'Workspace', keys: null },
  'workspace.archive': { title: 'Archive the workspace', group: 'Workspace', keys: null },
  'workspace.restore': { title: 'Restore the workspace', group: 'Workspace', keys: null },
  'workspace.delete': { title: 'Delete the workspace', group: 'Workspace', keys: null },
  'terminal.open': { title: 'Open a terminal', group: 'Workspace', keys: 'mod+j' },
  'pane.split': { title: 'Split the pane', group: 'Workspace', keys: 'mod+\\' },
  'pane.split_down': { title: 'Split the pane below', group: 'Workspace', keys: 'mod+shift+\\' },
  'pane.beside': { title: 'Open another workspace beside', group: 'Workspace', keys: null },
  'pane.maximise': { title: 'Maximise or restore the pane', group: 'Workspace', keys: 'alt+m' },
  'pane.next': { title: 'Next pane', group: 'Workspace', keys: 'alt+]' },
  'pane.previous': { title: 'Previous pane', group: 'Workspace', keys: 'alt+[' },
  'pane.close': { title: 'Close the pane', group: 'Workspace', keys: null },
  'session.new': { title: 'New session', group: 'Workspace', keys: 'alt+s' },
  'composer.focus': { title: 'Write to the agent', group: 'Workspace', keys: 'alt+i' },
  'sidebar.toggle': { title: 'Show or hide the sidebar', group: 'Window', keys: 'mod+b' },
  'inspector.toggle': { title: 'Show or hide the inspector', group: 'Window', keys: 'mod+shift+b' },
  'settings.open': { title: 'Settings', group: 'Window', keys: 'mod+,' },
  'keys.show': { title: 'Show all keys', group: 'Window', keys: '?' },
} as const satisfies Record<string, { title: string; group: string; keys: string | null }>;

/** What a command is called in code: `noun.verb`. */
export type CommandId = keyof typeof KEYMAP;

/** Every command, in the order in which it is listed. */
export const COMMAND_IDS = Object.keys(KEYMAP) as CommandId[];

/** Keys that work in a terminal also; all others belong to the program that runs there. */
export const TERMINAL_COMMANDS: ReadonlySet<CommandId> = new Set([
  'palette.open',
  'needs_you.next',
  'needs_you.previous',
  'host.answer',
  'terminal.open',
  'pane.split',
  'pane.maximise',
  'pane.next',
  'pane.previous',
  ...COMMAND_IDS.filter((id) => /^workspace\.\d$/.test(id)),
]);
