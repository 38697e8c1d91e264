import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ApiToken } from '@farhand/shared/model/tokens';

/** What somebody may do, and with which hosts and projects. */
export type Grant = Pick<ApiToken, 'scopes' | 'hosts' | 'projects'>;

/** What a call or an entity is about, as far as its own keys say: ids of things that belong to a host and a project. */
export interface Touched {
  readonly hosts: readonly string[];
  readonly projects: readonly string[];
}

/** Finds what things belong to; null for what is not there (the call itself then says so). */
export interface Belongings {
  workspaceOf(kind: 'session' | 'terminal' | 'approval' | 'run' | 'message', id: string): string | null;
  workspace(id: string): { readonly hostId: string; readonly projectId: string } | null;
  /** Of what may be outside of all workspaces. */
  hostOf(kind: 'approval' | 'run', id: string): string | null;
  /** Where an operation of this name runs; null for one that runs in the workspace from which it is asked. */
  hostOfOperation(name: string): string | null;
}

const KINDS = {
  sessionId: 'session',
  terminalId: 'terminal',
  approvalId: 'approval',
  runId: 'run',
  messageId: 'message',
} as const;
const isKindKey = (key: string): key is keyof typeof KINDS => Object.hasOwn(KINDS, key);

/** Of what is asked for without a name, as the default host: it is in no token's list. */
const UNNAMED = '';

/** As `touchedBy`, and of all that stands in an input further down: a host that is left open counts as one of no token. */
export function touchedByInput(input: unknown, belongings: Belongings): Touched {
  const hosts: string[] = [];
  const projects: string[] = [];
  const visit = (value: unknown) => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (!isObject(value)) return;
    const found = touchedBy(value, belongings);
    hosts.push(...found.hosts);
    projects.push(...found.projects);
    // That of a workspace or a session is its own.
    if (value.host === null && value.workspaceId === undefined && value.sessionId === undefined)
      hosts.push(UNNAMED);
    if (value.host === null && value.workspaceId === null) hosts.push(UNNAMED);
    if (typeof value.operation === 'string') {
      const hostId = belongings.hostOfOperation(value.operation);
      if (hostId !== null) hosts.push(hostId);
    }
    Object.values(value).forEach(visit);
  };
  visit(input);
  return { hosts, projects };
}

/** The hosts that an input names, wherever in it. */
export function hostsNamedIn(input: unknown): string[] {
  if (Array.isArray(input)) return input.flatMap(hostsNamedIn);
  if (!isObject(input)) return [];
  return Object.entries(input).flatMap(([key, value]) =>
    typeof value === 'string' && (key === 'host' || key === 'hostId') ? [value] : hostsNamedIn(value),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the keys of an entity itself; what it was forked from, or goes to, is not what it is. */
export function touchedBy(facts: Readonly<Record<string, unknown>>, belongings: Belongings): Touched {
  const hosts: string[] = [];
  const projects: string[] = [];
  const addWorkspace = (id: string) => {
    const found = belongings.workspace(id);
    if (found) {
      hosts.push(found.hostId);
      projects.push(found.projectId);
    }
  };
  for (const [key, value] of Object.entries(facts)) {
    if (typeof value !== 'string') continue;
    if (key === 'hostId' || key === 'host') hosts.push(value);
    else if (key === 'projectId') projects.push(value);
    else if (key === 'workspaceId') addWorkspace(value);
    else if (isKindKey(key)) {
      const kind = KINDS[key];
      const workspaceId = belongings.workspaceOf(kind, value);
      const hostId = kind === 'run' || kind === 'approval' ? belongings.hostOf(kind, value) : null;
      if (workspaceId !== null) addWorkspace(workspaceId);
      else if (hostId !== null) hosts.push(hostId);
    }
  }
  return { hosts, projects };
}

type Limits = Pick<Grant, 'hosts' | 'projects'>;

/** True for a token that reaches only some hosts or projects. */
export const isLimited = ({ hosts, projects }: Limits) => hosts !== null || projects !== null;

/**
 * True where all that is touched is of the token's hosts and projects, and something of each kind that it is limited to
 * is touched at all: what is about no host is not for a token that is for one host.
 */
export function isWithin({ hosts, projects }: Limits, touched: Touched): boolean {
  return isPartOf(hosts, touched.hosts) && isPartOf(projects, touched.projects);
}

function isPartOf(allowed: readonly string[] | null, touched: readonly string[]): boolean {
  return allowed === null || (touched.length > 0 && touched.every((one) => allowed.includes(one)));
}

/** Throws `access.outside_token`. */
export function assertWithin(limits: Limits, touched: Touched): void {
  if (!isWithin(limits, touched)) throw new FarhandError('access.outside_token');
}
