/** What is set for a project as a document without secrets, and back. */
import type { ApprovalPolicy } from '@farhand/shared/model/approvals';
import type { Actor } from '@farhand/shared/model/audit';
import type { ProjectId } from '@farhand/shared/model/ids';
import type { McpServer } from '@farhand/shared/model/mcp';
import type { ProjectSettings } from '@farhand/shared/model/project-settings';
import type { Approvals } from '../../approvals/approvals.ts';
import type { AuditLog } from '../../audit/audit.ts';
import type { McpServers } from '../../mcp/mcp-servers.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Projects } from '../projects.ts';

export interface ProjectSettingsDocuments {
  /** Throws `project.not_found`. */
  read(id: ProjectId): ProjectSettings;
  /**
   * Adds its MCP servers, or puts them in the place of those with their names, and with `withPolicy` makes its approval
   * policy the default of all new workspaces. Gives the names of secrets that the project has no value for.
   */
  bring(
    id: ProjectId,
    settings: ProjectSettings,
    how: { withPolicy: boolean; by: Actor },
  ): { mcpServers: string[]; missingSecrets: string[] };
}

export interface ProjectSettingsDeps {
  readonly projects: Pick<Projects, 'get'>;
  readonly mcpServers: McpServers;
  readonly secrets: Pick<Secrets, 'list' | 'redactor'>;
  readonly approvals: Pick<Approvals, 'defaultPolicy' | 'setDefaultPolicy'>;
  readonly audit?: Pick<AuditLog, 'record'> | undefined;
}

export function createProjectSettings(deps: ProjectSettingsDeps): ProjectSettingsDocuments {
  const { projects, mcpServers, secrets, approvals, audit } = deps;
  const ofProject = (id: ProjectId) =>
    secrets.list().filter(({ scope }) => scope.kind !== 'project' || scope.projectId === id);
  return {
    read(id) {
      const { name } = projects.get(id);
      const { text } = secrets.redactor(id);
      return {
        version: 1,
        name,
        approvalPolicy: approvals.defaultPolicy(),
        mcpServers: mcpServers.list(id).map(({ name: server, transport, isEnabled }) => ({
          name: server,
          transport: withoutSecrets(transport, text),
          isEnabled,
        })),
        secrets: ofProject(id).map(({ name: secret, scope, kinds, form }) => ({
          name: secret,
          scope: scope.kind,
          kinds,
          form,
        })),
      };
    },
    bring(id, settings, { withPolicy, by }) {
      projects.get(id);
      const names = settings.mcpServers.map((server) => server.name);
      const policy: ApprovalPolicy | null = withPolicy ? settings.approvalPolicy : null;
      audit?.record({
        kind: 'setting',
        actor: by,
        hostId: null,
        workspaceId: null,
        sessionId: null,
        summary: `Imported the settings of ${settings.name} into ${projects.get(id).name}`,
        facts: { projectId: id, mcpServers: names, approvalPolicy: policy },
        output: null,
      });
      for (const server of settings.mcpServers) mcpServers.set({ ...server, projectId: id });
      if (policy !== null) approvals.setDefaultPolicy(policy);
      const given = new Set(ofProject(id).map(({ name }) => name));
      const wanted = [
        ...settings.secrets.map(({ name }) => name),
        ...settings.mcpServers.flatMap(({ transport }) =>
          transport.kind === 'http' && transport.secret !== null ? [transport.secret] : [],
        ),
      ];
      const missingSecrets = [...new Set(wanted)].filter((name) => !given.has(name)).toSorted();
      return { mcpServers: names, missingSecrets };
    },
  };
}

// A person may have written a password into a command or an address all the same.
function withoutSecrets(
  transport: McpServer['transport'],
  cover: (text: string) => string,
): McpServer['transport'] {
  if (transport.kind === 'stdio') return { ...transport, command: cover(transport.command) };
  const url = new URL(transport.url);
  url.username = '';
  url.password = '';
  return { ...transport, url: cover(url.href) };
}
