import type { AgentId } from '@farhand/shared/model/agents';

const NAMES: Readonly<Record<string, string>> = {
  builtin: 'Farhand',
  codex: 'Codex',
  claude: 'Claude',
  opencode: 'OpenCode',
  gemini: 'Gemini',
  qwen: 'Qwen Code',
  pi: 'pi',
  kilo: 'Kilo',
  cline: 'Cline',
  goose: 'Goose',
  copilot: 'Copilot',
};

/** What a person calls an agent; one that is not of the catalogue by what was typed for it. */
export const agentName = (id: AgentId): string => NAMES[id] ?? id.replace(/^custom-/, '');
