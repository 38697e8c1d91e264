import { closeDialog } from '@/client/view-store.ts';
import { Dialog, DialogBody } from '@/ui/dialog.tsx';
import { Kbd } from '@/ui/kbd.tsx';
import { COMMAND_IDS, KEYMAP } from './keymap.ts';

const GROUPS = [...new Set(COMMAND_IDS.map((id) => KEYMAP[id].group))];

// Nine lines that differ in a digit would hide the others.
const isListed = (id: string) => !/^workspace\.[2-9]$/.test(id);

/** Keys that belong to what has the focus; they are no commands. */
const LOCAL_KEYS = [
  { title: 'Send the message', keys: ['enter'] },
  { title: 'New line in a message', keys: ['shift+enter'] },
  { title: 'In a message: name a file, give a command', keys: ['@', '/'] },
  { title: 'Stop the agent', keys: ['escape', 'escape'] },
  { title: 'Allow what the agent asks', keys: ['mod+enter'] },
  { title: 'In a question: allow once, or deny', keys: ['a', 'd'] },
  { title: 'Next or previous row of the sidebar', keys: ['arrowdown', 'arrowup'] },
  { title: 'Open the row’s workspace beside', keys: ['shift+enter'] },
  { title: 'In “Needs you”: go there', keys: ['enter'] },
  { title: 'In “Needs you”: see the question, then allow or deny', keys: ['a', 'd'] },
  { title: 'In “Needs you”: snooze', keys: ['s'] },
];

/** All keys, by what they are for. */
export default function KeysDialog() {
  return (
    <Dialog
      title="Keys"
      onClose={closeDialog}
      width="wide"
      description="In a terminal only the palette’s, the panes’ and the workspaces’ keys work; its program gets the rest."
    >
      <DialogBody className="grid! grid-cols-2 gap-8! phone:grid-cols-1">
        {GROUPS.map((group) => (
          <KeyTable
            key={group}
            title={group}
            rows={COMMAND_IDS.filter(
              (id) => KEYMAP[id].group === group && isListed(id) && KEYMAP[id].keys !== null,
            ).map((id) => ({
              title: id === 'workspace.1' ? 'Go to workspace 1 to 9' : KEYMAP[id].title,
              keys: [KEYMAP[id].keys ?? ''],
            }))}
          />
        ))}
        <KeyTable title="Where you are" rows={LOCAL_KEYS} />
      </DialogBody>
    </Dialog>
  );
}

interface KeyTableProps {
  readonly title: string;
  readonly rows: readonly { readonly title: string; readonly keys: readonly string[] }[];
}

function KeyTable({ title, rows }: KeyTableProps) {
  return (
    <section className="flex flex-col gap-1">
      <h3 className="text-small font-medium text-text-3">{title}</h3>
      <dl className="divide-y divide-hairline">
        {rows.map((row) => (
          <div key={row.title} className="flex min-h-8 items-center gap-4">
            <dt className="flex-1">{row.title}</dt>
            <dd className="flex gap-1">
              {row.keys.map((keys, index) => (
                <Kbd key={`${keys}-${index}`} keys={keys} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
