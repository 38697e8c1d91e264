import type { ToolContext } from './tool.ts';

interface Collection {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** What ends one record. */
  readonly separator: '\n' | '\0';
  /** The command is ended once there are so many. */
  readonly most: number;
}

interface Collected {
  readonly records: string[];
  /** 0 too where it was ended because there was enough; null where a signal ended it. */
  readonly status: number | null;
  /** The end of what it wrote to stderr, bounded. */
  readonly said: string;
}

/** A record without end must not fill the memory. */
const LONGEST_RECORD = 64 * 1024;
const LONGEST_SAID = 2000;
const TIMEOUT_MS = 60_000;

/** The first records that a command prints; the command ends when there are enough. */
export async function collect(
  { host, workspaceId }: ToolContext,
  { argv, cwd, separator, most }: Collection,
): Promise<Collected> {
  return host.do(async (runtime) => {
    const enough = new AbortController();
    const records: string[] = [];
    const decoder = new TextDecoder();
    const errors = new TextDecoder();
    let rest = '';
    let said = '';
    const { outcome } = await runtime.exec(
      { argv },
      {
        cwd,
        lane: workspaceId,
        timeoutMs: TIMEOUT_MS,
        signal: AbortSignal.any([host.signal, enough.signal]),
        onStdout(bytes) {
          if (enough.signal.aborted) return;
          const pieces = (rest + decoder.decode(bytes, { stream: true })).split(separator);
          rest = (pieces.pop() ?? '').slice(0, LONGEST_RECORD);
          records.push(...pieces);
          if (records.length >= most) enough.abort();
        },
        onStderr(bytes) {
          said = (said + errors.decode(bytes, { stream: true })).slice(-LONGEST_SAID);
        },
      },
    );
    if (rest !== '' && !enough.signal.aborted) records.push(rest);
    const status = enough.signal.aborted ? 0 : outcome.kind === 'exited' ? outcome.code : null;
    return {
      records: records.slice(0, most),
      status,
      said: outcome.kind === 'timed_out' ? 'it took longer than 60 s' : said,
    };
  });
}
