import type { Runtime } from '@farhand/shared/runtime/port';
import { isHostAway, isKnownAway } from '../host-tasks/host-away.ts';
import { withDeadline } from '../workspaces/deadline.ts';
import { runScript } from '../workspaces/host-script.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import type { CustomAgent } from './custom-agents.ts';
import { customProgram } from './custom-program.ts';
import { type Findings, parseFindings } from './findings.ts';
import { lookScript, wantedOf } from './look-script.ts';

/** For versions 5 s, and for a host that has to be connected first. */
const LOOK_TIMEOUT_MS = 20_000;
const MAX_OUTPUT_BYTES = 256 * 1024;

/** What this host has of these agents, in one round trip; null where it is away. */
export async function lookAtHost(
  runtime: Runtime,
  entries: readonly CatalogueEntry[],
  custom: readonly CustomAgent[],
): Promise<Findings | null> {
  if (isKnownAway(runtime.connection())) return null;
  const programs = custom.flatMap(({ command }) => customProgram(command) ?? []);
  const script = { text: lookScript(wantedOf(entries, programs)), args: [] };
  const asked = runScript(runtime, script, { timeoutMs: LOOK_TIMEOUT_MS, maxOutputBytes: MAX_OUTPUT_BYTES });
  try {
    const { stdout } = await withDeadline(asked, LOOK_TIMEOUT_MS, runtime.hostId);
    return parseFindings(new TextDecoder().decode(stdout));
  } catch (error) {
    if (isHostAway(error)) return null;
    throw error;
  }
}
