import { NO_SANDBOX } from '@farhand/shared/model/sandbox';
import type { Profile } from './profile.ts';

const BASE = {
  isOwn: false,
  network: true,
  read: [],
  write: [],
  hide: [],
  variables: [],
  nested: false,
  limits: { memoryBytes: null, processes: null, cpu: null, cpuSeconds: null },
  environment: {},
} as const satisfies Partial<Profile>;

/** The profiles that are always there. An own profile cannot have one of these names. */
export const BUILT_IN: readonly Profile[] = [
  {
    ...BASE,
    name: 'workspace',
    description: 'Writes in the workspace only; the rest of the home folder is hidden.',
    workspace: 'write',
  },
  {
    ...BASE,
    name: 'offline',
    description: 'As “workspace”, and without network.',
    network: false,
    workspace: 'write',
  },
  {
    ...BASE,
    name: 'readonly',
    description: 'Reads the workspace and the system; what it writes is gone when it ends.',
    workspace: 'read',
  },
  {
    ...BASE,
    name: 'diagnostics',
    description: 'As “readonly”, and reads the logs of the system.',
    workspace: 'read',
    read: ['/var/log', '/run/log', '/etc/machine-id'],
  },
  {
    ...BASE,
    name: NO_SANDBOX,
    description: 'No sandbox: jobs may do all that the account on the host may do.',
    workspace: 'write',
    read: ['/'],
    write: ['/'],
  },
];
