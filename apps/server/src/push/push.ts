/** Web push (RFC 8030, 8291, 8292): a phone in a pocket hears that an agent needs its person. */
import type { Agent } from 'node:https';
import { z } from 'zod';
import type { StateFeed } from '../feed/state-feed.ts';
import type { Log } from '../logging/log.ts';
import type { Preferences } from '../preferences/preferences.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Settings } from '../store/settings.ts';
import { createNewsReader, mutedWorkspaces, type News } from './news.ts';
import type { PushStore, PushSubscription } from './push-store.ts';

export interface Push {
  /** The server's public key, base64url; made at the first question. */
  key(): Promise<string>;
  subscribe(subscription: PushSubscription): void;
  unsubscribe(endpoint: string): void;
  close(): void;
}

interface PushDeps {
  readonly store: PushStore;
  readonly settings: Settings;
  readonly vault: Vault;
  readonly feed: StateFeed;
  readonly preferences: Pick<Preferences, 'get'>;
  readonly names: Parameters<typeof createNewsReader>[0];
  readonly log?: Pick<Log, 'warn'>;
  /** For push services with certificates that this machine does not know. */
  readonly agent?: Agent;
}

const KEYS = 'push_keys';
const keyPair = z.object({ publicKey: z.string(), privateKey: z.string() });
/** RFC 8292 wants an address of whoever runs the server; there is none that we know of. */
const SUBJECT = 'mailto:push@farhand.example';
/** A push service gives up after this: older news are no news. In seconds. */
const KEPT_FOR_S = 4 * 3600;
const LONGEST_BODY = 200;
const TIMEOUT_MS = 10_000;
/** The browser is gone for good (RFC 8030). */
const GONE: readonly number[] = [404, 410];

export function createPush(deps: PushDeps): Push {
  const { store, feed, preferences, log } = deps;
  const newsOf = createNewsReader(deps.names);
  const send = async (news: News): Promise<void> => {
    const subscriptions = store.all();
    if (subscriptions.length === 0) return;
    const payload = JSON.stringify({ ...news, body: news.body.slice(0, LONGEST_BODY) });
    const keys = await keysOf(deps);
    await Promise.all(subscriptions.map((one) => sendTo(one, payload, { ...deps, keys })));
  };
  const unwatch = feed.watch((change) => {
    const news = newsOf(change);
    if (!news) return;
    const { workspaceId } = news;
    if (workspaceId !== null && mutedWorkspaces(preferences.get('notifications')).has(workspaceId)) return;
    send(news).catch((error: unknown) => log?.warn('push.failed', { error }));
  });
  return {
    key: async () => (await keysOf(deps)).publicKey,
    subscribe: (subscription) => store.put(subscription),
    unsubscribe: (endpoint) => store.remove(endpoint),
    close: unwatch,
  };
}

async function sendTo(
  subscription: PushSubscription,
  payload: string,
  { keys, agent, store, log }: PushDeps & { readonly keys: z.infer<typeof keyPair> },
): Promise<void> {
  const { default: webPush } = await import('web-push');
  try {
    await webPush.sendNotification(subscription, payload, {
      vapidDetails: { subject: SUBJECT, ...keys },
      TTL: KEPT_FOR_S,
      urgency: 'high',
      timeout: TIMEOUT_MS,
      ...(agent ? { agent } : {}),
    });
  } catch (thrown) {
    const status = thrown instanceof webPush.WebPushError ? thrown.statusCode : null;
    if (status !== null && GONE.includes(status)) return store.remove(subscription.endpoint);
    // The address is a secret of the browser: who knows it can be told of.
    log?.warn('push.not_sent', { service: new URL(subscription.endpoint).host, status });
  }
}

async function keysOf({ settings, vault, store }: PushDeps): Promise<z.infer<typeof keyPair>> {
  const kept = openKeys(settings.get(KEYS), vault);
  if (kept) return kept;
  const { default: webPush } = await import('web-push');
  const made = webPush.generateVAPIDKeys();
  settings.set(KEYS, vault.seal(JSON.stringify(made), KEYS));
  // They were for the key of before, and hear nothing that is signed with this one.
  for (const { endpoint } of store.all()) store.remove(endpoint);
  return made;
}

// With the vault's key lost there is nothing to mend: browsers subscribe anew.
function openKeys(sealed: string | null, vault: Vault): z.infer<typeof keyPair> | null {
  if (sealed === null) return null;
  try {
    return keyPair.parse(JSON.parse(vault.open(sealed, KEYS)));
  } catch {
    return null;
  }
}
