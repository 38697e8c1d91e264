import { setTheme } from '@/client/appearance.ts';
import { useServerState } from '@/client/state-store.ts';
import { closeDialog, openDialog } from '@/client/view-store.ts';
import { Kbd } from '@/ui/kbd.tsx';
import { StatusMark } from '@/ui/status-mark.tsx';
import { visibleText } from '../approvals/visible-text.ts';
import { runCommand, useAvailableCommands } from '../keys/commands.ts';
import { COMMAND_IDS, type CommandId, KEYMAP } from '../keys/keymap.ts';
import { SETTINGS } from '../settings/setting-groups.ts';
import { matches } from './palette-mode.ts';
import { PaletteItem, PaletteNote } from './palette-parts.tsx';

// Going to a workspace by its number makes no sense in a list that shows the workspaces themselves.
const isListed = (id: CommandId) => !/^workspace\.\d$/.test(id) && !id.startsWith('palette.');

const THEMES = [
  { title: 'Use the dark theme', theme: 'dark' },
  { title: 'Use the light theme', theme: 'light' },
  { title: 'Use the system’s theme', theme: 'system' },
] as const;

/** The commands that fit and that somebody answers now. */
export function CommandResults({ text }: { readonly text: string }) {
  const available = useAvailableCommands();
  const found = COMMAND_IDS.filter(
    (id) => isListed(id) && available.has(id) && matches(KEYMAP[id].title, text),
  );
  const workspaces = useServerState((state) => state.workspaces);
  const approvals = useServerState((state) => Object.values(state.approvals))
    .filter(
      ({ decision, title }) => decision === null && matches(`Answer, approve, allow or deny: ${title}`, text),
    )
    .toSorted((a, b) => a.askedAt.localeCompare(b.askedAt));
  // Each alone is found by what it is called; all at once would bury the rest.
  const settings =
    text.trim() === ''
      ? []
      : SETTINGS.filter(({ label, note }) => matches(`Settings: ${label}, ${note}`, text));
  const themes = THEMES.filter(({ title }) => matches(title, text));
  const run = (id: CommandId) => {
    closeDialog();
    // The palette gives the focus back as it goes; a command that moves the focus must come after.
    setTimeout(() => runCommand(id));
  };
  if (approvals.length + found.length + settings.length + themes.length === 0)
    return <PaletteNote>No command fits.</PaletteNote>;
  return (
    <>
      {approvals.map((approval) => (
        <PaletteItem
          key={approval.id}
          value={approval.id}
          onSelect={() => openDialog({ kind: 'approval', approvalId: approval.id })}
        >
          <StatusMark status="blocked" />
          <span className="min-w-0 truncate">Answer: {visibleText(approval.title)}</span>
          <span className="ml-auto max-w-[40%] shrink-0 truncate text-small text-text-3">
            {approval.workspaceId ? workspaces[approval.workspaceId]?.name : approval.hostId}
          </span>
        </PaletteItem>
      ))}
      {found.map((id) => (
        <PaletteItem key={id} value={id} onSelect={() => run(id)}>
          <span className="flex-1">{KEYMAP[id].title}</span>
          {KEYMAP[id].keys && <Kbd keys={KEYMAP[id].keys} />}
        </PaletteItem>
      ))}
      {settings.map(({ part, label, note }) => (
        <PaletteItem
          key={part}
          value={`settings ${part}`}
          onSelect={() => openDialog({ kind: 'settings', part })}
        >
          <span className="shrink-0">Settings: {label}</span>
          <span className="ml-auto min-w-0 truncate text-small text-text-3">{note}</span>
        </PaletteItem>
      ))}
      {themes.map(({ title, theme }) => (
        <PaletteItem
          key={title}
          value={title}
          onSelect={() => {
            setTheme(theme);
            closeDialog();
          }}
        >
          {title}
        </PaletteItem>
      ))}
    </>
  );
}
