/** Programs whose agents may use Farhand, as `farhand mcp install --client` calls them. */
export const MCP_CLIENTS = [
  { value: 'claude-code', label: 'Claude Code' },
  { value: 'claude-desktop', label: 'Claude Desktop' },
  { value: 'codex', label: 'Codex' },
  { value: 'cursor', label: 'Cursor' },
  { value: 'vscode', label: 'VS Code' },
] as const;
export type McpClient = (typeof MCP_CLIENTS)[number]['value'];

// How each program writes a value that it takes from elsewhere.
const VARIABLE = '\u0024{FARHAND_TOKEN}';
const VARIABLE_OF_CURSOR = '\u0024{env:FARHAND_TOKEN}';
const INPUT_OF_VSCODE = '\u0024{input:farhand_token}';

interface RemoteSnippet {
  /** Where it is to be put. */
  readonly place: string;
  readonly text: string;
}

/**
 * What a program on another machine needs in its settings, with the token taken from outside of them; null for one that
 * only starts programs of its own machine. `origin` is the server's, as `https://farhand.example.org`.
 */
export function remoteSnippet(client: McpClient, origin: string): RemoteSnippet | null {
  const url = `${origin}/mcp`;
  const server = (bearer: string) => ({ type: 'http', url, headers: { Authorization: `Bearer ${bearer}` } });
  switch (client) {
    case 'claude-desktop':
      return null;
    case 'claude-code':
      return { place: '.mcp.json', text: json({ mcpServers: { farhand: server(VARIABLE) } }) };
    case 'cursor': {
      const { type: _type, ...own } = server(VARIABLE_OF_CURSOR);
      return { place: '~/.cursor/mcp.json', text: json({ mcpServers: { farhand: own } }) };
    }
    case 'vscode': {
      const input = {
        id: 'farhand_token',
        type: 'promptString',
        description: 'Farhand token',
        password: true,
      };
      const servers = { farhand: server(INPUT_OF_VSCODE) };
      return { place: 'mcp.json of the user', text: json({ inputs: [input], servers }) };
    }
    case 'codex':
      return {
        place: '~/.codex/config.toml',
        text: `[mcp_servers.farhand]\nurl = ${JSON.stringify(url)}\nbearer_token_env_var = "FARHAND_TOKEN"`,
      };
  }
}

const json = (value: object) => JSON.stringify(value, null, 2);
