/** One array with the bytes of all. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1 && parts[0]) return parts[0];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** True where `bytes` has `part` at `at`, as far as `bytes` goes: so a part that is cut off by the end counts. */
export function agreesAt(bytes: Uint8Array, at: number, part: Uint8Array): boolean {
  const length = Math.min(part.length, bytes.length - at);
  for (let i = 0; i < length; i += 1) if (bytes[at + i] !== part[i]) return false;
  return true;
}

/** Unguessable letters: what a program on the host cannot print by chance or by intent. */
export function newNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
