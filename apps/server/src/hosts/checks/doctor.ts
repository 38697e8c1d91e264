/** Looks at one host: how safe the way there is, and whether it has what work needs. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostFinding, HostReport } from '@farhand/shared/model/host-checks';
import { type HostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import type { HostDestination, Runtime } from '@farhand/shared/runtime/port';
import type { SshProbe } from '../../runtimes/registry.ts';
import type { HostRecords } from '../records/host-records.ts';
import { type Knock, keyPermissions, knownHost, passwordLogin } from './doctor-here.ts';
import { DOCTOR_SCRIPT } from './doctor-script.ts';
import {
  agentSignIns,
  bubblewrap,
  clock,
  disk,
  git,
  permissionsThere,
  ripgrep,
  rootLogin,
  userNamespaces,
} from './doctor-there.ts';
import { askHost } from './host-scripts.ts';

interface DoctorDeps {
  readonly records: Pick<HostRecords, 'access' | 'get'>;
  readonly probe: SshProbe;
  /** The host's runtime, once it is connected. */
  readonly connected: (id: HostId) => Promise<Runtime>;
}

/** Throws `host.*` where it cannot be connected: then a test tells why. */
export async function examine(deps: DoctorDeps, hostId: HostId, signal: AbortSignal): Promise<HostReport> {
  const { records, probe, connected } = deps;
  const access = records.access(hostId);
  if ('refusal' in access) throw access.refusal;
  const here = hostId === LOCAL_HOST ? [] : await findingsHere(probe, access.destination, signal);
  const runtime = await connected(hostId);
  const askedAt = Date.now();
  const told = await askHost(runtime, DOCTOR_SCRIPT, [records.get(hostId)?.directory ?? '']);
  const there = [
    permissionsThere(told),
    rootLogin(told),
    git(told),
    bubblewrap(told),
    userNamespaces(told),
    ripgrep(told),
    agentSignIns(told),
    disk(told),
    ...(hostId === LOCAL_HOST ? [] : [clock(told, askedAt, Date.now())]),
  ];
  return { hostId, at: new Date().toISOString(), findings: [...here, ...there] };
}

async function findingsHere(
  probe: SshProbe,
  destination: HostDestination,
  signal: AbortSignal,
): Promise<HostFinding[]> {
  const resolved = await probe.resolve(destination);
  const knock = resolved.isProxied ? null : await knockAt(probe, destination, signal);
  return [keyPermissions(resolved), knownHost(resolved, knock), passwordLogin(knock)];
}

async function knockAt(probe: SshProbe, destination: HostDestination, signal: AbortSignal): Promise<Knock> {
  try {
    return await probe.knock(destination, signal);
  } catch (thrown) {
    return { error: FarhandError.from(thrown) };
  }
}
