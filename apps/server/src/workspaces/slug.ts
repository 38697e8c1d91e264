const MAX_SLUG_CHARS = 40;

/** `text` as lower-case letters, digits and single dashes: safe as a folder, a branch and a shell word. */
export function slug(text: string, fallback: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const dashed = plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG_CHARS)
    .replace(/^-+|-+$/g, '');
  return dashed || fallback;
}

/** The branch of a workspace, named after it but never as the branch it starts from. */
export function branchName(workspaceName: string, baseBranch: string): string {
  const name = slug(workspaceName, 'workspace');
  return name === baseBranch ? `${name}-work` : name;
}

/** `1.5 MB`, for people. */
export function sizeText(sizeBytes: number): string {
  if (sizeBytes < 1000) return `${sizeBytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let size = sizeBytes / 1000;
  let unit = 0;
  while (size >= 999.95 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size.toFixed(1)} ${units[unit]}`;
}
