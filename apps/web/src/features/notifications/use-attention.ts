import { useEffect } from 'react';
import { useServerState } from '@/client/state-store.ts';
import { addressedSession, useView } from '@/client/view-store.ts';
import { inbox, useNeedsYou, watchInbox } from '../inbox/inbox-store.ts';
import { ALL_AGENTS, useBoards } from '../panes/boards.ts';
import { showPane } from '../panes/pane-host.ts';
import { faviconUrl, newNeeds, tabTitle } from './news.ts';
import { notificationSettings, useNotificationSettings } from './settings.ts';

/** Tells of what needs the person where the page itself is not looked at: title, icon, badge, sound, notifications. */
export function useAttention(): void {
  useTabTitle();
  useBadges();
  useNews();
  useWorker();
  useAddressedSession();
}

function useTabTitle(): void {
  const id = useView((view) => view.workspaceId);
  const boardId = useView((view) => view.boardId);
  const name = useServerState((state) => (id === null ? undefined : state.workspaces[id]?.name));
  const board = useBoards().find((one) => one.id === boardId)?.name;
  const place = name ?? (boardId === ALL_AGENTS ? 'All agents' : board) ?? null;
  const { length } = useNeedsYou();
  useEffect(() => {
    document.title = tabTitle(length, place);
  }, [place, length]);
}

function useBadges(): void {
  const { length } = useNeedsYou();
  useEffect(() => {
    document.querySelector<HTMLLinkElement>('link[rel="icon"]')?.setAttribute('href', faviconUrl(length));
    // Only an installed app has one; elsewhere the promise is refused, which is no matter.
    const badge = length > 0 ? navigator.setAppBadge?.(length) : navigator.clearAppBadge?.();
    badge?.catch(() => undefined);
  }, [length]);
}

function useNews(): void {
  const isLoaded = useServerState((state) => state.isLoaded);
  useEffect(() => {
    // What waited when the page came is no news.
    if (!isLoaded) return;
    let told = inbox().needs;
    return watchInbox(({ needs, snoozed }, before) => {
      const settings = notificationSettings();
      const news = newNeeds(needs, [...told, ...before.snoozed], settings.mutedWorkspaces);
      // One that was put off and comes back is news again; one that is put off now is none when it is brought back.
      told = [...needs, ...snoozed.filter((need) => told.includes(need))];
      if (news.length === 0 || document.visibilityState === 'visible') return;
      void import('./tell.ts').then(({ tell }) => tell(news, settings));
    });
  }, [isLoaded]);
}

// With notifications on, this browser keeps its worker and its subscription fresh.
function useWorker(): void {
  const { isDesktopOn } = useNotificationSettings();
  useEffect(() => {
    if (!isDesktopOn || !('Notification' in window) || Notification.permission !== 'granted') return;
    void import('./push.ts').then(({ keepSubscribed }) => keepSubscribed());
  }, [isDesktopOn]);
}

// A notification was clicked: in a new window its address says where to go, in an open one the worker does.
function useAddressedSession(): void {
  useEffect(() => {
    const sessionId = addressedSession();
    const addressed = new URLSearchParams(location.search);
    const [workspaceId, approvalId] = [addressed.get('w'), addressed.get('a')];
    if (sessionId && workspaceId) {
      history.replaceState(null, '', `?w=${workspaceId}`);
      void import('./go.ts').then(({ go }) => go({ workspaceId, sessionId }, showPane));
    }
    if (approvalId) {
      history.replaceState(null, '', workspaceId ? `?w=${workspaceId}` : location.pathname);
      void import('./go.ts').then(({ go }) => go({ workspaceId, approvalId }, showPane));
    }
    if (!('serviceWorker' in navigator)) return;
    const onMessage = ({ data }: MessageEvent<unknown>) =>
      void import('./go.ts').then(({ go }) => go(data, showPane));
    navigator.serviceWorker.addEventListener('message', onMessage);
    return () => navigator.serviceWorker.removeEventListener('message', onMessage);
  }, []);
}
