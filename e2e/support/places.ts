import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentId } from '@farhand/shared/model/agents';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { type AcpAgentOptions, placeAcpAgent } from '@farhand/shared/testing/acp-agent/acp-agent';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { Client } from './client.ts';
import { untilReady } from './ready.ts';
import type { World } from './world.ts';

/** A program that is signed in beside the page: what a journey only needs to have is made by it. */
export async function signInBeside({ farhand }: World): Promise<Client> {
  return Client.signIn((await farhand.cli('login-url')).stdout.trim());
}

/** One more sshd of the world's, known by this name. */
export async function addHost({ sshd, others }: World, name: string): Promise<TestSshd> {
  const other = await startSshd();
  others.push(other);
  const config = readFileSync(other.sshConfigPath, 'utf8').replace(`Host ${other.alias}`, `Host ${name}`);
  appendFileSync(sshd.sshConfigPath, `\n${config}`);
  return other;
}

/** A workspace of the world's project, ready to be worked in. */
export async function makeWorkspace(
  client: Client,
  world: World,
  wanted: { readonly name: string; readonly host?: string; readonly sandbox?: string },
): Promise<Workspace> {
  const { project } = await client.call('project.add', { source: world.repository });
  const { workspace } = await client.call('workspace.create', {
    projectId: project.id,
    host: wanted.host ?? world.sshd.alias,
    branch: 'main',
    name: wanted.name,
    ...(wanted.sandbox === undefined ? {} : { sandbox: wanted.sandbox }),
  });
  return untilReady(client, workspace.id);
}

/** The scripted agent of the Agent Client Protocol, put on the host with this home as a command of the person's own. */
export async function addScriptedAgent(
  client: Client,
  home: string,
  options: AcpAgentOptions = {},
): Promise<AgentId> {
  const { command } = placeAcpAgent(join(home, 'scripted'), options);
  // A person types the program itself: it is looked for on the host.
  const typed = command.replace(/^exec /, '');
  return (await client.call('agent.add', { name: 'Scripted', kind: 'acp', command: typed })).agent;
}
