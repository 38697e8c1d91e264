import { type Host, type HostRecord, hostName, hostRecord, LOCAL_HOST } from '@farhand/shared/model/hosts';

/** A record as it is typed. */
export interface HostDraft {
  readonly name: string;
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly identityFile: string;
  readonly directory: string;
  /** Separated by commas. */
  readonly labels: string;
  /** A line for each, `NAME=value`. */
  readonly environment: string;
  /** Not typed, but kept. */
  readonly isEnabled: string;
}

export function draftOf(host: Host | null): HostDraft {
  const record = host?.record;
  const typed = host && host.id !== LOCAL_HOST && host.source !== 'record' ? host.id : '';
  return {
    name: host?.source === 'record' ? host.id : suggestedName(typed),
    host: record?.host ?? typed,
    port: String(record?.port ?? ''),
    user: record?.user ?? '',
    identityFile: record?.identityFile ?? '',
    directory: record?.directory ?? '',
    labels: (record?.labels ?? []).join(', '),
    environment: Object.entries(record?.environment ?? {})
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
    isEnabled: String(record?.isEnabled ?? true),
  };
}

const suggestedName = (typed: string): string =>
  typed
    .replace(/^ssh:\/\//, '')
    .replace(/^.*@/, '')
    .replace(/[:/].*$/, '');

/** What stands in place of a field that is no good, by field. */
export type DraftProblems = Partial<Record<keyof HostDraft, string>>;

/** The record that was typed, where all of it is one; `name` by itself, for a test needs none. */
export function readDraft(draft: HostDraft): {
  readonly name: ReturnType<typeof hostName.parse> | null;
  readonly record: HostRecord | null;
  readonly problems: DraftProblems;
} {
  const name = hostName.safeParse(draft.name.trim());
  const { variables, wrongLine } = readVariables(draft.environment);
  const record = hostRecord.safeParse({
    host: draft.host.trim(),
    port: draft.port.trim() === '' ? null : Number(draft.port),
    user: orNull(draft.user),
    identityFile: orNull(draft.identityFile),
    directory: orNull(draft.directory),
    environment: variables,
    labels: draft.labels
      .split(',')
      .map((label) => label.trim())
      .filter(Boolean),
    isEnabled: draft.isEnabled === 'true',
  });
  const fields = new Set((record.error?.issues ?? []).map(({ path }) => String(path[0])));
  const problems: DraftProblems = {
    ...(!name.success && { name: 'Letters, digits, dots, dashes and underscores, at most 64.' }),
    ...(fields.has('host') && { host: 'This is not a host that ssh takes.' }),
    ...(fields.has('port') && { port: 'A number from 1 to 65535.' }),
    ...(fields.has('user') && { user: 'This is not a user name.' }),
    ...(fields.has('identityFile') && { identityFile: 'A path from / or ~/.' }),
    ...(fields.has('directory') && { directory: 'A path from / or ~/.' }),
    ...(fields.has('labels') && { labels: 'Short words, separated by commas.' }),
    ...((wrongLine ?? fields.has('environment')) && {
      environment: wrongLine ? `“${wrongLine}” is not NAME=value.` : 'A name or a value is too long.',
    }),
  };
  const isWhole = record.success && wrongLine === null;
  return { name: name.data ?? null, record: isWhole ? record.data : null, problems };
}

const orNull = (text: string): string | null => text.trim() || null;

function readVariables(text: string): { variables: Record<string, string>; wrongLine: string | null } {
  const variables: Record<string, string> = {};
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue;
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return { variables, wrongLine: line.slice(0, 40) };
    variables[name] = value;
  }
  return { variables, wrongLine: null };
}
