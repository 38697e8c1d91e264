import { type CatalogueEntry, fromNpm, type Install } from './catalogue-entry.ts';

/** Agents that run in a terminal pane with their own screen; `-cli` tells them from the same agent over the protocol. */
export const TERMINAL_AGENTS: readonly CatalogueEntry[] = [
  inTerminal('claude', 'Claude Code', 'Sign in with /login.', fromNpm('@anthropic-ai/claude-code')),
  inTerminal('codex', 'Codex CLI', 'It asks you to sign in when it starts.', fromNpm('@openai/codex')),
  inTerminal(
    'opencode',
    'OpenCode',
    'Sign in with /connect, or with `opencode auth login`.',
    fromNpm('opencode-ai'),
  ),
  inTerminal('gemini', 'Gemini CLI', 'It asks you to sign in when it starts.', fromNpm('@google/gemini-cli')),
  inTerminal('qwen', 'Qwen Code', 'It asks you to sign in when it starts.', fromNpm('@qwen-code/qwen-code')),
  inTerminal('pi', 'pi', 'Sign in with /login.', fromNpm('@earendil-works/pi-coding-agent')),
  inTerminal('kilo', 'Kilo', 'Sign in with `kilo auth login`.', fromNpm('@kilocode/cli')),
  inTerminal('cline', 'Cline', 'It asks you to sign in when it starts.', fromNpm('cline')),
  inTerminal('copilot', 'Copilot CLI', 'Sign in with /login.', fromNpm('@github/copilot')),
  inTerminal('aider', 'Aider', 'Give the key of a provider by the project’s secrets.', [
    { id: 'uv', by: 'uv', command: 'uv tool install --python python3.12 --with pip aider-chat@latest' },
    { id: 'script', by: 'curl', command: 'curl -LsSf https://aider.chat/install.sh | sh' },
  ]),
];

function inTerminal(
  program: string,
  name: string,
  note: string,
  installs: readonly Install[],
): CatalogueEntry {
  const version = [program, '--version'] as const;
  const id = `${program}-cli`;
  return {
    id,
    name,
    kind: 'terminal',
    programs: [program],
    needs: [],
    arguments: [],
    version,
    installs,
    note,
  };
}
