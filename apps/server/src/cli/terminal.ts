import { FarhandError } from '@farhand/shared/errors/farhand-error';

/** Where commands write: for a person, or one JSON document for a program. */
export interface Output {
  readonly isJson: boolean;
  /** `text` for a person, `facts` for a program. */
  result(text: string, facts: unknown): void;
  /** Bytes as they are, for a person only. */
  bytes(stream: 'out' | 'err', bytes: Uint8Array): void;
}

export interface Streams {
  readonly out: Pick<NodeJS.WritableStream, 'write'>;
  readonly err: Pick<NodeJS.WritableStream, 'write'>;
}

export function createOutput(streams: Streams, isJson: boolean): Output {
  return {
    isJson,
    result: (text, facts) => streams.out.write(isJson ? `${JSON.stringify(facts)}\n` : text && `${text}\n`),
    bytes(stream, bytes) {
      if (!isJson) streams[stream].write(bytes as Buffer);
    },
  };
}

/** Tells an error: the message and the next step on stderr, or with `--json` the error's JSON on stdout. */
export function tellError(streams: Streams, isJson: boolean, thrown: unknown): void {
  const error = FarhandError.from(thrown);
  if (isJson) {
    streams.out.write(`${JSON.stringify({ error: error.toJSON() })}\n`);
    return;
  }
  const cause =
    error.code === 'internal.unexpected' && error.cause instanceof Error ? ` ${error.cause.message}` : '';
  streams.err.write(`farhand: ${error.message}${cause}\n${error.hint === null ? '' : `${error.hint}\n`}`);
}

/** Rows in columns, each as wide as its longest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Text of a host without the letters that a terminal would act on. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '�');
}
