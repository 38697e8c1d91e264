import { z } from 'zod';
import { call, none } from './call.ts';

/** Calls about what a person set up for the page, and its notifications. See `calls`. */
export const preferenceCalls = {
  /** What the person set up for the page, as JSON texts by name: the same in every browser. */
  'preference.list': call(none, z.object({ values: z.record(z.string(), z.string()) })),
  /** Null forgets it. */
  'preference.set': call(
    z.object({
      name: z.string().regex(/^[a-z][a-z0-9_.-]{0,63}$/),
      value: z
        .string()
        .max(256 * 1024)
        .nullable(),
    }),
    none,
  ),
  /** The server's public key (VAPID, RFC 8292), base64url, for the browser's subscription. */
  'push.key': call(none, z.object({ key: z.string() })),
  /** This browser wants to be told (RFC 8030) while no page of it is open. */
  'push.subscribe': call(
    z.object({
      endpoint: z.url({ protocol: /^https$/ }).max(2048),
      keys: z.object({ p256dh: z.string().max(256), auth: z.string().max(256) }),
    }),
    none,
  ),
  'push.unsubscribe': call(z.object({ endpoint: z.string().max(2048) }), none),
} as const;
