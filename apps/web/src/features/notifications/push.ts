import { call } from '@/client/call.ts';

const WORKER = '/worker.js';

/** Whether this browser can be told by web push while no page of ours is open. */
export const canPush = (): boolean => 'serviceWorker' in navigator && 'PushManager' in window;

async function subscription(): Promise<PushSubscription | null> {
  if (!canPush()) return null;
  const registration = await navigator.serviceWorker.getRegistration('/');
  return (await registration?.pushManager.getSubscription()) ?? null;
}

export const isSubscribed = async (): Promise<boolean> => (await subscription().catch(() => null)) !== null;

/** Registers the worker and tells the server of this browser. Throws what the browser or the server says. */
export async function subscribe(): Promise<void> {
  const registration = await navigator.serviceWorker.register(WORKER, { scope: '/' });
  await navigator.serviceWorker.ready;
  const { key } = await call('push.key', {});
  const known = await registration.pushManager.getSubscription();
  // The server lost its key: what was subscribed for it hears nothing any more.
  if (known && !isFor(known, key)) await known.unsubscribe();
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = made.toJSON();
  if (!endpoint || !keys?.p256dh || !keys.auth) throw new Error('The browser gave no keys.');
  await call('push.subscribe', { endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } });
}

/** The same for a page that comes up: what fails is tried again with the next page. */
export async function keepSubscribed(): Promise<void> {
  if (canPush()) await subscribe().catch(() => undefined);
}

/** This browser is told no more. */
export async function unsubscribe(): Promise<void> {
  const known = await subscription();
  if (!known) return;
  await known.unsubscribe();
  await call('push.unsubscribe', { endpoint: known.endpoint });
}

function isFor({ options }: PushSubscription, key: string): boolean {
  const bytes = new Uint8Array(options.applicationServerKey ?? new ArrayBuffer(0));
  const text = btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
  return text === key;
}
