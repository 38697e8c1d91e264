import { useState } from 'react';
import { useServerState } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { DialogBody } from '@/ui/dialog.tsx';
import { Segmented } from '@/ui/segmented.tsx';
import { canPush, subscribe, unsubscribe } from './push.ts';
import { setMuted, setNotificationSettings, useNotificationSettings } from './settings.ts';
import { chime } from './sound.ts';

const ON_OFF = [
  { value: 'on', label: 'On' },
  { value: 'off', label: 'Off' },
] as const;

/** How a person hears that something needs them; for the settings. */
export function NotificationSettings() {
  const { isSoundOn } = useNotificationSettings();
  return (
    <DialogBody className="gap-6!">
      <div className="flex flex-col gap-2">
        <Segmented
          label="Sound when something new needs you and the page is not looked at"
          value={isSoundOn ? 'on' : 'off'}
          onChange={(value) => setNotificationSettings({ isSoundOn: value === 'on' })}
          choices={ON_OFF}
        />
        <Button variant="ghost" size="small" className="self-start phone:h-11" onClick={chime}>
          Play it
        </Button>
      </div>
      <Desktop />
      <Muted />
    </DialogBody>
  );
}

const isAvailable = () => 'Notification' in window && window.isSecureContext;

function Desktop() {
  const { isDesktopOn } = useNotificationSettings();
  const [problem, setProblem] = useState<string | null>(null);
  const isAllowed = isAvailable() && Notification.permission === 'granted';
  const change = async (isOn: boolean) => {
    setProblem(null);
    if (!isOn) {
      setNotificationSettings({ isDesktopOn: false });
      return unsubscribe().catch(() => undefined);
    }
    // A browser asks its person only after a click, and only once.
    if ((await Notification.requestPermission()) !== 'granted')
      return setProblem('This browser does not allow it. Its settings for this page can change that.');
    setNotificationSettings({ isDesktopOn: true });
    if (!canPush()) return;
    await subscribe().catch(() =>
      setProblem('This browser’s push service did not answer: you are told while a page of Farhand is open.'),
    );
  };
  if (!isAvailable())
    return (
      <p className="text-small text-text-3">
        Notifications of the desktop need a page over https, or one of this machine itself.
      </p>
    );
  return (
    <div className="flex flex-col gap-2">
      <Segmented
        label="Notifications of the desktop"
        value={isDesktopOn && isAllowed ? 'on' : 'off'}
        onChange={(value) => void change(value === 'on')}
        choices={ON_OFF}
      />
      {isDesktopOn && !isAllowed && !problem && (
        <p className="text-small text-text-3">
          On in another browser of yours; this one has not allowed it yet.
        </p>
      )}
      <p
        role={problem ? 'alert' : undefined}
        className={problem ? 'text-small text-failed' : 'text-small text-text-3'}
      >
        {problem ?? 'Of questions, ended and failed turns, while no page of Farhand is looked at.'}
      </p>
    </div>
  );
}

function Muted() {
  const { mutedWorkspaces } = useNotificationSettings();
  const workspaces = useServerState((state) => state.workspaces);
  const known = mutedWorkspaces.flatMap((id) => workspaces[id] ?? []);
  return (
    <section className="flex flex-col gap-1">
      <h3 className="text-small font-medium text-text-2">Muted workspaces</h3>
      {known.length === 0 && (
        <p className="text-small text-text-3">None. A workspace’s menu in the sidebar mutes it.</p>
      )}
      <ul className="divide-y divide-hairline">
        {known.map((workspace) => (
          <li key={workspace.id} className="flex min-h-9 items-center gap-2">
            <span className="min-w-0 flex-1 truncate">{workspace.name}</span>
            <Button size="small" onClick={() => setMuted(workspace.id, false)}>
              Unmute
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
