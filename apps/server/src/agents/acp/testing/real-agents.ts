/** Real agents from npm on a real sshd, with a scripted model on loopback in the place of their vendors. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import type { HostId } from '@farhand/shared/model/hosts';
import type { ModelServer } from '@farhand/shared/testing/model-server';
import { startSshd } from '@farhand/shared/testing/sshd';
import type { AcpHost } from './acp-host.ts';

/** An agent as the tests set it up: by its own settings and variables, as a person would. */
export interface RealAgent {
  readonly id: 'codex' | 'gemini';
  readonly model: string;
  /** Files of the home folder. */
  settings(model: ModelServer): Readonly<Record<string, string>>;
  /** Given to the agent as the project's secrets. */
  secrets(model: ModelServer): Readonly<Record<string, string>>;
  /** The call by which its model runs a shell command. */
  shellCall(command: string): { readonly name: string; readonly arguments: object };
}

const CODEX: RealAgent = {
  id: 'codex',
  model: 'scripted',
  settings: ({ url }) => ({
    '.codex/config.toml': `model = "scripted"
model_provider = "loopback"
approval_policy = "untrusted"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.loopback]
name = "Loopback"
base_url = "${url}"
wire_api = "responses"
env_key = "LOOPBACK_KEY"
`,
  }),
  secrets: () => ({ LOOPBACK_KEY: 'canary-codex-5521' }),
  shellCall: (cmd) => ({ name: 'exec_command', arguments: { cmd, yield_time_ms: 30_000 } }),
};

const GEMINI: RealAgent = {
  id: 'gemini',
  model: 'gemini-2.5-flash',
  settings: () => ({
    '.gemini/settings.json': JSON.stringify({
      security: { auth: { selectedType: 'gemini-api-key' } },
      telemetry: { enabled: false },
      privacy: { usageStatisticsEnabled: false },
      general: { enableAutoUpdate: false },
      model: { name: 'gemini-2.5-flash' },
    }),
  }),
  secrets: ({ origin }) => ({
    GEMINI_API_KEY: 'canary-gemini-7316',
    GOOGLE_GEMINI_BASE_URL: origin,
    GEMINI_MODEL: 'gemini-2.5-flash',
  }),
  shellCall: (command) => ({ name: 'run_shell_command', arguments: { command, description: 'a test' } }),
};

export const REAL_AGENTS: readonly RealAgent[] = [CODEX, GEMINI];

/** A host with an sshd of its own, on whose login PATH are the agents of `.cache/agents`, and their settings. */
export async function realAgentHost(settings: Readonly<Record<string, string>>): Promise<AcpHost> {
  const programs = join(import.meta.dirname, '../../../../../../.cache/agents/node_modules/.bin');
  if (!existsSync(programs))
    throw new Error('The agents are not installed: run `node scripts/install-test-agents.mjs`.');
  const sshd = await startSshd({ environment: NO_NETWORK });
  const files = { ...settings };
  // Whatever the login shell is: its own start-up files may set the PATH anew.
  for (const name of ['.profile', '.bash_profile', '.zprofile'])
    files[name] = `PATH="${programs}:${dirname(process.execPath)}:$PATH"; export PATH\n`;
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(sshd.home, name)), { recursive: true });
    writeFileSync(join(sshd.home, name), text);
  }
  const hostId = sshd.alias as HostId;
  return {
    hostId,
    home: sshd.home,
    open: () => createSshRuntime({ hostId, sshConfigPath: sshd.sshConfigPath }),
    disconnect: () => sshd.killConnections(),
    close: () => sshd.stop(),
  };
}

// Port 9 answers nobody: what an agent wants of the network beyond loopback fails at once.
const NO_NETWORK = {
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '127.0.0.1,localhost',
  no_proxy: '127.0.0.1,localhost',
};
