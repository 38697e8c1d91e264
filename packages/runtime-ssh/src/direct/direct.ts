/** A connection by ssh2 alone, from what `ssh -G` resolves: where ControlMaster is not to be had, or not wanted. */

import type { ResolvedHost } from '../config.ts';
import { channelsOf } from '../masters/channels.ts';
import type { Master, MasterOptions } from '../masters/master.ts';
import { DirectLogin } from './login.ts';
import { readDirectSettings } from './settings.ts';

/** A connection that is up. Rejects with the codes of `startMaster`; `signal` gives up waiting. */
export async function startDirect(
  options: MasterOptions,
  resolved: ResolvedHost,
  signal: AbortSignal,
): Promise<Master> {
  signal.throwIfAborted();
  const login = new DirectLogin(options, readDirectSettings(options, resolved), signal);
  try {
    await login.run();
  } catch (error) {
    await login.close();
    throw error;
  }
  const channels = channelsOf(login.client, () => login.destroy());
  return { channels, close: () => login.close() };
}
