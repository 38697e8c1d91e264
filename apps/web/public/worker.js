// Shows what the server tells while no page is looked at, and opens its session when it is clicked.
const ID = /^(ws|ses|apr)_[a-z2-7]{20}$/;
const isId = (value) => value === undefined || value === null || ID.test(value);

const readNews = (data) => {
  try {
    const { title, body, tag, workspaceId, sessionId, approvalId } = data.json();
    if (![workspaceId, sessionId, approvalId].every(isId) || !(workspaceId || approvalId)) return null;
    return { title: String(title), body: String(body), tag: String(tag), workspaceId, sessionId, approvalId };
  } catch {
    return null;
  }
};

const pages = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true });

const show = async (news) => {
  const open = await pages();
  if (open.some((page) => page.visibilityState === 'visible')) return;
  const { title, body, tag, workspaceId, sessionId, approvalId } = news;
  await self.registration.showNotification(title, {
    body,
    tag,
    renotify: true,
    icon: '/icon.svg',
    data: { workspaceId, sessionId, approvalId },
  });
};

const follow = async ({ workspaceId, sessionId, approvalId }) => {
  const [page] = await pages();
  const places = Object.entries({ w: workspaceId, s: sessionId, a: approvalId }).filter(([, id]) => id);
  if (!page) return self.clients.openWindow(`/?${new URLSearchParams(places)}`);
  page.postMessage({ workspaceId, sessionId, approvalId }, []);
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
