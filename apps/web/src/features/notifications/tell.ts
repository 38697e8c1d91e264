import { stateStore } from '@/client/state-store.ts';
import type { Need } from '../inbox/needs-you.ts';
import { goToNeed } from '../inbox/use-needs-you.ts';
import { isSubscribed } from './push.ts';
import type { NotificationSettings } from './settings.ts';
import { chime } from './sound.ts';

// A burst is one sound, and not a screen full of notifications.
const MOST_SHOWN = 3;

/** Tells of news by a sound and by notifications, as the person set it. */
export async function tell(news: readonly Need[], settings: NotificationSettings): Promise<void> {
  if (settings.isSoundOn) chime();
  if (!settings.isDesktopOn || !('Notification' in window) || Notification.permission !== 'granted') return;
  // The server tells this browser by its push service already, also when no page is open.
  if (await isSubscribed()) return;
  for (const need of news.slice(0, MOST_SHOWN)) show(need);
}

function show(need: Need): void {
  const { workspaces, sessions } = stateStore.getState();
  const session = need.sessionId ? sessions[need.sessionId]?.title : null;
  const notification = new Notification(
    (need.workspaceId && workspaces[need.workspaceId]?.name) || 'Farhand',
    {
      body: session ? `${session}: ${need.text}` : need.text,
      tag: need.sessionId ?? need.id,
      icon: '/icon.svg',
    },
  );
  notification.addEventListener('click', () => {
    window.focus();
    goToNeed(need);
    notification.close();
  });
}
