import type { AnyNotification, AnyRequest } from '@agentclientprotocol/sdk';
import { z } from 'zod';

/** Ids are kept and sent back: no honest one is longer. */
const id = z.union([z.string().max(1000), z.number(), z.null()]);
const error = z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() });

/** What a line of the agent is. */
export type Incoming =
  | {
      readonly kind: 'request';
      readonly id: string | number | null;
      readonly method: string;
      readonly message: AnyRequest;
    }
  | { readonly kind: 'notification'; readonly method: string; readonly message: AnyNotification }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly kind: 'nonsense' };

type Answer = { result?: unknown } | { error: z.infer<typeof error> };

const envelope = z.object({
  jsonrpc: z.literal('2.0'),
  id: id.optional(),
  method: z.string().optional(),
  result: z.unknown().optional(),
  error: error.nullish(),
});

/** Reads one line. Whatever is no message of JSON-RPC is `nonsense`. */
export function readMessage(line: string): Incoming {
  const json = parseJson(line);
  const parsed = envelope.safeParse(json);
  if (!parsed.success) return { kind: 'nonsense' };
  const { id: wireId, method, result, error: failure } = parsed.data;
  if (method !== undefined) {
    if (wireId === undefined) return { kind: 'notification', method, message: json as AnyNotification };
    return { kind: 'request', id: wireId, method, message: json as AnyRequest };
  }
  if (typeof wireId !== 'number') return { kind: 'nonsense' };
  if (failure) return { kind: 'answer', id: wireId, answer: { error: failure } };
  return { kind: 'answer', id: wireId, answer: { result: result ?? null } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
