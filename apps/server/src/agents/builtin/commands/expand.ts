/** A prompt that begins with a slash command; null for any other. */
export function readCall(prompt: string): { readonly name: string; readonly args: string } | null {
  const found = /^\/([A-Za-z0-9][A-Za-z0-9_-]{0,63})(?:\s+([\s\S]*))?$/.exec(prompt.trimEnd());
  return found?.[1] ? { name: found[1], args: (found[2] ?? '').trim() } : null;
}

/** The body with `$ARGUMENTS` and `$1` to `$9` replaced; arguments that no place is kept for are put at the end. */
export function expand(body: string, args: string): string {
  const words = splitWords(args);
  let isUsed = false;
  // In one pass: what an argument holds is never replaced itself.
  const text = body.replace(/\$(ARGUMENTS\b|[1-9](?!\d))/g, (_, which: string) => {
    isUsed = true;
    return which === 'ARGUMENTS' ? args : (words[Number(which) - 1] ?? '');
  });
  return (isUsed || args === '' ? text : `${text}\n\n${args}`).trim();
}

// Quotes hold words together, as in a shell.
function splitWords(args: string): string[] {
  const found = args.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g);
  return [...found].map(([, double, single, bare]) => double ?? single ?? bare ?? '');
}
