import type { Redactor } from '../../secrets/redactor.ts';

/** Ids, signatures, images and words of our own that programs compare: changed, they would no longer fit. */
const KEPT: ReadonlySet<string> = new Set(
  'type toolName toolCallId callId mediaType data base64 url providerOptions kind state signal end'.split(
    ' ',
  ),
);
const NOTHING: ReadonlySet<string> = new Set();

/** The same value with secrets replaced in every text inside; names of fields, and fields that must fit, are left. */
export function redactDeep<Value>(value: Value, redactor: Redactor, kept?: ReadonlySet<string>): Value;
export function redactDeep(value: unknown, redactor: Redactor, kept = KEPT): unknown {
  if (typeof value === 'string') return redactor.text(value);
  if (Array.isArray(value)) return value.map((entry) => redactDeep(entry, redactor, kept));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, entry]) => {
    // What a model gives a tool can have any field.
    const below = key === 'input' ? NOTHING : kept;
    return [key, kept.has(key) ? entry : redactDeep(entry, redactor, below)];
  });
  return Object.fromEntries(entries);
}

/** True where a text inside stands for a secret: such a value can be shown but not acted on. */
export function isRedacted(value: unknown): boolean {
  return /\[secret [A-Za-z_][A-Za-z0-9_]*\]/.test(JSON.stringify(value) ?? '');
}

/** The same value with long texts cut, for showing. */
export function clipDeep(value: unknown, limit: number): unknown {
  if (typeof value === 'string') return value.length > limit ? `${value.slice(0, limit)}…` : value;
  if (Array.isArray(value)) return value.map((entry) => clipDeep(entry, limit));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, clipDeep(entry, limit)]));
}
