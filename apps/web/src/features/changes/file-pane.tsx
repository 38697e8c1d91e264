import '../transcript/transcript.css';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { InlineError } from '../composer/inline-error.tsx';
import { FileText } from '../transcript/tool-view.tsx';

// What is read in a pane; a longer file is for an editor.
const MOST_BYTES = 256 * 1024;

/** A file of a workspace as it is on the host, to read. */
export default function FilePane({
  workspaceId,
  path,
}: {
  readonly workspaceId: WorkspaceId;
  readonly path: string;
}) {
  const { data, error } = useQuery({
    queryKey: ['file', workspaceId, path],
    queryFn: () => readFile(workspaceId, path),
  });
  if (error)
    return (
      <div className="p-3">
        <InlineError error={ApiError.from(error)} />
      </div>
    );
  if (!data) return <div className="h-full" aria-busy="true" />;
  if (data.problem !== null) return <p className="p-4 text-text-2">{data.problem}</p>;
  return (
    <div className="file-pane h-full">
      <FileText text={data.text} firstLine={1} label={path} />
    </div>
  );
}

interface Read {
  readonly text: string;
  readonly problem: string | null;
}

async function readFile(workspaceId: WorkspaceId, path: string): Promise<Read> {
  const argv = ['head', '-c', String(MOST_BYTES), '--', path];
  const { exitCode, stdout, stderr } = await call('workspace.exec', { workspaceId, argv });
  if (exitCode !== 0) return { text: '', problem: decode(stderr).trim() || 'The file could not be read.' };
  const text = decode(stdout);
  return text.includes('\u0000') ? { text: '', problem: 'This is a binary file.' } : { text, problem: null };
}

const decode = (base64: string) =>
  new TextDecoder().decode(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
