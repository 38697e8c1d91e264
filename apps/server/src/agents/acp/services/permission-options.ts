import type { PermissionOption, RequestPermissionRequest } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import { badRequest } from './errors.ts';

const MOST_OPTIONS = 50;

const NO = /\b(?:reject|deny|denied|decline|disallow|refuse|cancel|abort|stop|no|never|don.?t)/;
const YES = /\b(?:allow|approve|accept|proceed|grant|permit|continue|yes|ok|run)/;
const LASTING = /always|session|forever|remember|every/;

type Meaning = { readonly isYes: boolean; readonly isLasting: boolean };

const KINDS: Readonly<Record<string, Meaning>> = {
  allow_once: { isYes: true, isLasting: false },
  allow_always: { isYes: true, isLasting: true },
  reject_once: { isYes: false, isLasting: false },
  reject_always: { isYes: false, isLasting: true },
};

/** The option that says yes, or no, for this one time if there is such a one; null where none clearly says it. */
export function optionFor(options: readonly PermissionOption[], isYes: boolean): PermissionOption | null {
  const fitting = options.filter((option) => meaningOf(option)?.isYes === isYes);
  return fitting.find((option) => meaningOf(option)?.isLasting === false) ?? fitting[0] ?? null;
}

/** True for an answer after which the agent does not ask again. */
export function isLasting(option: PermissionOption): boolean {
  return meaningOf(option)?.isLasting === true;
}

// By its kind, whatever its id is. A kind of no known meaning is read as words, and nothing unclear is ever a yes.
function meaningOf({ kind, optionId, name }: PermissionOption): Meaning | null {
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (known) return known;
  for (const given of [kind, optionId, name]) {
    const words = given.toLowerCase().replace(/[_-]+/g, ' ');
    const [no, yes] = [NO.test(words), YES.test(words)];
    if (no || yes) return { isYes: !no, isLasting: LASTING.test(words) };
  }
  return null;
}

const option = z.looseObject({
  optionId: z.string(),
  name: z.string().catch(''),
  kind: z.string().catch(''),
});

const permissionParams = z.looseObject({
  sessionId: z.string(),
  toolCall: z.looseObject({ toolCallId: z.string().min(1) }),
  options: z.array(z.unknown()).transform((given) =>
    given.slice(0, MOST_OPTIONS).flatMap((one) => {
      const parsed = option.safeParse(one);
      return parsed.success ? [parsed.data] : [];
    }),
  ),
});

/**
 * Reads the params of `session/request_permission`: the parser to give to the SDK for that method, whose own refuses
 * a question as a whole for one option of a kind that it does not know. What reads them here takes any kind, and the
 * fields of the call are checked by the mapper.
 */
export function readPermission(params: unknown): RequestPermissionRequest {
  const parsed = permissionParams.safeParse(params);
  if (!parsed.success) throw badRequest('This is no question that can be asked.');
  return parsed.data as unknown as RequestPermissionRequest;
}
