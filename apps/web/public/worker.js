// Shows what the server tells while no page is looked at, and opens its session when it is clicked.
const ID = /^(ws|ses)_[a-z2-7]{20}$/;

const readNews = (data) => {
  try {
    const { title, body, tag, workspaceId, sessionId } = data.json();
    if (!ID.test(workspaceId) || (sessionId !== null && !ID.test(sessionId))) return null;
    return { title: String(title), body: String(body), tag: String(tag), workspaceId, sessionId };
  } catch {
    return null;
  }
};

const pages = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true });

const show = async (news) => {
  const open = await pages();
  if (open.some((page) => page.visibilityState === 'visible')) return;
  const { title, body, tag, workspaceId, sessionId } = news;
  await self.registration.showNotification(title, {
    body,
    tag,
    renotify: true,
    icon: '/icon.svg',
    data: { workspaceId, sessionId },
  });
};

const follow = async ({ workspaceId, sessionId }) => {
  const [page] = await pages();
  if (!page) return self.clients.openWindow(`/?w=${workspaceId}${sessionId ? `&s=${sessionId}` : ''}`);
  page.postMessage({ workspaceId, sessionId }, []);
  return page.focus();
};

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('push', (event) => {
  const news = event.data && readNews(event.data);
  if (news) event.waitUntil(show(news));
});
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(follow(event.notification.data));
});
