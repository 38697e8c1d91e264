import { FarhandError } from '@farhand/shared/errors/farhand-error';

const URL_CREDENTIALS = /(?<scheme>[a-z][a-z0-9+.-]*:\/\/)[^/@\s]+@/gi;

/** `text` with user names and passwords of URLs taken out, for messages that people and logs see. */
function withoutCredentials(text: string): string {
  return text.replace(URL_CREDENTIALS, '$<scheme>');
}

/** `command.failed` with the lines of git's stderr that say why. */
export function gitFailure(args: readonly string[], stderr: string): FarhandError {
  const reason = gitReason(stderr);
  return new FarhandError('command.failed', {
    message: `git ${args[0]} failed: ${reason}`,
    details: { stderr: withoutCredentials(stderr) },
  });
}

/** The line of git's stderr that tells most: the last `fatal:` or `error:`, otherwise the last line. */
export function gitReason(stderr: string): string {
  const lines = withoutCredentials(stderr)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const telling = lines.findLast((line) => /^(fatal|error|remote|ssh):/i.test(line));
  return (telling ?? lines.at(-1) ?? 'no reason given').slice(0, 500);
}
