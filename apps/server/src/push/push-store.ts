import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { pushSubscriptions } from '../store/schema.ts';

const keys = z.object({ p256dh: z.string(), auth: z.string() });

/** A browser that wants to be told, as its Push API gave it. */
export interface PushSubscription {
  readonly endpoint: string;
  readonly keys: z.infer<typeof keys>;
}

export interface PushStore {
  all(): PushSubscription[];
  put(subscription: PushSubscription): void;
  remove(endpoint: string): void;
}

export function createPushStore(db: Database): PushStore {
  return {
    all: () =>
      db
        .select()
        .from(pushSubscriptions)
        .all()
        .map((row) => ({ endpoint: row.endpoint, keys: keys.parse(JSON.parse(row.keys)) })),
    put(subscription) {
      const kept = JSON.stringify(subscription.keys);
      db.insert(pushSubscriptions)
        .values({ endpoint: subscription.endpoint, keys: kept, createdAt: new Date().toISOString() })
        .onConflictDoUpdate({ target: pushSubscriptions.endpoint, set: { keys: kept } })
        .run();
    },
    remove: (endpoint) =>
      void db.delete(pushSubscriptions).where(eq(pushSubscriptions.endpoint, endpoint)).run(),
  };
}
