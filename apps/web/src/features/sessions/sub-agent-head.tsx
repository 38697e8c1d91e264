import type { Session } from '@farhand/shared/model/sessions';
import { CornerLeftUp } from 'lucide-react';
import { useSession } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { openPane } from '../panes/pane-host.ts';

/** Says of a sub-agent's session whose it is, and goes there; nothing for others. */
export function SubAgentHead({ session }: { readonly session: Session }) {
  return session.parent?.kind === 'subagent' ? <Head parentId={session.parent.sessionId} /> : null;
}

function Head({ parentId }: { readonly parentId: Session['id'] }) {
  const parent = useSession(parentId);
  return (
    <div className="flex shrink-0 items-center gap-2 border-b border-hairline px-4 py-1 text-small text-text-3">
      <span className="min-w-0 truncate">
        Sub-agent{parent && <> of “{parent.title || 'New session'}”</>}
      </span>
      {parent && (
        <Button
          size="small"
          variant="ghost"
          className="ml-auto phone:h-11"
          onClick={() => openPane({ kind: 'agent', workspaceId: parent.workspaceId, sessionId: parent.id })}
        >
          <CornerLeftUp className="size-3.5" aria-hidden />
          Go there
        </Button>
      )}
    </div>
  );
}
