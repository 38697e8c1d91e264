import { useState } from 'react';
import { CopyButton } from '@/ui/copy-button.tsx';
import { Select } from '@/ui/select.tsx';
import { MCP_CLIENTS, type McpClient, remoteSnippet } from './remote-snippet.ts';

/** What to run or to copy so that another program's agent finds Farhand. */
export function McpSnippets() {
  const [client, setClient] = useState<McpClient>('claude-code');
  const { origin } = window.location;
  const remote = remoteSnippet(client, origin);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex max-w-64 flex-col gap-1">
        <Select label="Program" value={client} onChange={setClient} choices={MCP_CLIENTS} />
      </div>
      <Snippet
        title="On this server’s machine"
        note="Writes it into the program’s settings and keeps a copy of them; no token is needed."
        text={`farhand mcp install --client ${client}`}
      />
      {remote ? (
        <Snippet
          title="From another machine"
          note={`Into ${remote.place}; the token stays outside of the file.`}
          text={remote.text}
        />
      ) : (
        <p className="text-small text-text-3">
          From another machine: this program starts others on its own machine only. Install Farhand there and
          set FARHAND_URL and FARHAND_TOKEN for it.
        </p>
      )}
      <Snippet
        title="By HTTP"
        note="Every call is described at /api/openapi.json."
        text={`curl -s ${origin}/api/workspace.list \\\n  -H "Authorization: Bearer $FARHAND_TOKEN" \\\n  -H "Content-Type: application/json" -d '{}'`}
      />
    </div>
  );
}

interface SnippetProps {
  readonly title: string;
  readonly note: string;
  readonly text: string;
}

function Snippet({ title, note, text }: SnippetProps) {
  return (
    <section aria-label={title} className="flex flex-col gap-1">
      <div className="flex items-end justify-between gap-2">
        <div className="min-w-0">
          <h4 className="text-small font-medium text-text-2">{title}</h4>
          <p className="text-small text-text-3">{note}</p>
        </div>
        <CopyButton text={text} size="small" className="phone:h-11">
          Copy
        </CopyButton>
      </div>
      <pre className="overflow-x-auto rounded-ui border border-hairline bg-field px-2 py-1.5 font-mono text-small">
        {text}
      </pre>
    </section>
  );
}
