/** What both kinds of files promise (port.ts). */
export const MAX_READ_BYTES = 64 * 1024 * 1024;
export const DEFAULT_LIST_LIMIT = 10_000;
export const NEW_FILE_MODE = 0o644;
export const MAX_LINKS = 40;
