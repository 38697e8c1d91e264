import { describe, expect, it } from 'vitest';
import { MCP_CLIENTS, remoteSnippet } from './remote-snippet.ts';

describe('what a program on another machine gets', () => {
  it.each(MCP_CLIENTS)('$label: the address, and a place for the token but no token', ({ value }) => {
    const snippet = remoteSnippet(value, 'https://farhand.example.org');
    if (value === 'claude-desktop') expect(snippet).toBeNull();
    else expect(snippet?.text).toContain('"https://farhand.example.org/mcp"');
    expect(snippet?.text ?? '').not.toContain('fh_');
  });

  it('has each program’s own way to name a value from outside', () => {
    const text = (client: (typeof MCP_CLIENTS)[number]['value']) => remoteSnippet(client, 'http://x')?.text;
    expect(text('claude-code')).toContain('"Bearer ${FARHAND_TOKEN}"');
    expect(text('cursor')).toContain('"Bearer ${env:FARHAND_TOKEN}"');
    expect(text('vscode')).toContain('"Bearer ${input:farhand_token}"');
    expect(text('codex')).toContain('bearer_token_env_var = "FARHAND_TOKEN"');
  });
});
