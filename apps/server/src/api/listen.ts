import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Api } from './api.ts';

const DEFAULT_PORT = 7373;

/** Listens on `port`; where none was asked for, on the default one or else on any that is free. Resolves to the port. */
export async function listenOnPort(
  api: Pick<Api, 'listen'>,
  host: string,
  port: number | null,
): Promise<number> {
  try {
    return await api.listen(host, port ?? DEFAULT_PORT);
  } catch (thrown) {
    if (port !== null || !FarhandError.is(thrown, 'server.port_in_use')) throw thrown;
    return api.listen(host, 0);
  }
}
