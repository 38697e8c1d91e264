const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/** Bytes of a text as `512M` or `4G`, with powers of 1024; null where it is none. */
export function parseSize(text: string): number | null {
  const [, digits, unit] = /^(\d{1,9}(?:\.\d{1,3})?)\s?([KMGT]?)(?:iB|B)?$/i.exec(text.trim()) ?? [];
  if (digits === undefined || unit === undefined) return null;
  const bytes = Math.round(Number(digits) * (UNITS[unit.toUpperCase()] ?? 1));
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : null;
}

/** As `5 GiB` or `500 MiB`, with powers of 1024: a limit as a person sets it. */
export function limitText(bytes: number): string {
  const [unit, name] = bytes < 1024 ** 3 ? [1024 ** 2, 'MiB'] : [1024 ** 3, 'GiB'];
  return `${Number((bytes / unit).toFixed(2))} ${name}`;
}
