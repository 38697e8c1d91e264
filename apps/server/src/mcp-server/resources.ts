import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type SessionId, sessionId } from '@farhand/shared/model/ids';
import type { Scope } from '@farhand/shared/model/tokens';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { type McpServer, ResourceNotFoundError, ResourceTemplate } from '@modelcontextprotocol/server';
import { scopeOf } from '../api/scopes.ts';
import { marked } from './results.ts';
import type { McpCall } from './tool.ts';

/** The address of a session's transcript. */
export const transcriptUri = (id: SessionId) => `farhand://sessions/${id}/transcript`;
/** The address of the list of hosts. */
export const HOSTS_URI = 'farhand://hosts';
const POLICIES_URI = 'farhand://policies';

/** The newest items of a transcript that are shown; a longer one is cut at its beginning. */
const MAX_ITEMS = 500;
/** Of one item. */
const MAX_TEXT = 20_000;

/** Hosts, policies and transcripts, for those who may read. */
export function addResources(server: McpServer, call: McpCall, scopes: readonly Scope[]): void {
  if (!scopes.includes(scopeOf('session.events'))) return;
  const json = (uri: URL, value: unknown) => ({
    contents: [{ uri: uri.href, mimeType: 'application/json', text: JSON.stringify(value, null, 2) }],
  });
  server.registerResource(
    'hosts',
    HOSTS_URI,
    { title: 'Hosts', description: 'All hosts with their connection.', mimeType: 'application/json' },
    async (uri) => json(uri, await call('host.list', {})),
  );
  server.registerResource(
    'policies',
    POLICIES_URI,
    {
      title: 'Policies',
      description: 'When agents have to ask, by default and in each workspace, and the person’s rules.',
      mimeType: 'application/json',
    },
    async (uri) => json(uri, await policies(call)),
  );
  const template = new ResourceTemplate('farhand://sessions/{id}/transcript', {
    list: async () => {
      const { sessions } = await call('session.list', {});
      const resources = sessions.map(({ id, title, agent }) => ({
        uri: transcriptUri(id),
        name: title,
        description: `Session of ${agent}`,
        mimeType: 'text/markdown',
      }));
      return { resources };
    },
  });
  server.registerResource(
    'transcript',
    template,
    { title: 'Transcript', description: 'What was said and done in a session.', mimeType: 'text/markdown' },
    async (uri, { id }) => {
      const parsed = sessionId.safeParse(id);
      if (!parsed.success) throw new ResourceNotFoundError(uri.href);
      const { items } = await call('session.items', { sessionId: parsed.data, limit: MAX_ITEMS });
      const text = items.map(linesOf).filter(Boolean).join('\n\n');
      const told = marked({ title: `Transcript of the session ${parsed.data}`, text });
      return { contents: [{ uri: uri.href, mimeType: 'text/markdown', text: told }] };
    },
  );
}

async function policies(call: McpCall) {
  const [{ policy }, { workspaces }] = await Promise.all([
    call('approval.default_policy', {}),
    call('workspace.list', {}),
  ]);
  // The rules name hosts: a token that is limited to some does not see them.
  const rules = await call('policy.get', {}).catch((thrown: unknown) => {
    if (FarhandError.is(thrown, 'access.outside_token', 'access.scope_missing')) return null;
    throw thrown;
  });
  return {
    default: policy,
    rules,
    workspaces: workspaces.map(({ id, name, approvalPolicy }) => ({ id, name, approvalPolicy })),
  };
}

function linesOf(item: TranscriptItem): string {
  switch (item.kind) {
    case 'user_message':
      return `## Person\n\n${cut(item.text)}`;
    case 'text':
      return `## Agent\n\n${cut(item.text)}`;
    case 'tool_call':
      return `### ${item.tool}: ${cut(item.title)} (${item.state})\n\n${cut(item.result ?? item.output)}`;
    case 'approval':
      return `### Approval: ${cut(item.title)} (${item.decision?.kind ?? 'open'})`;
    case 'notice':
      return `> ${cut(item.text)}`;
    case 'turn':
      return item.error ? `> The turn failed: ${cut(item.error.message)}` : '';
    case 'compaction':
      return `> Summary of what was before:\n\n${cut(item.summary)}`;
    case 'rewound':
      return '> A person went back from here.';
    case 'plan':
    case 'reasoning':
    case 'discarded':
      return '';
  }
}

const cut = (text: string) => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)} …` : text);
