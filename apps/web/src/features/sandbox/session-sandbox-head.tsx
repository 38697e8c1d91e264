import { NO_SANDBOX } from '@farhand/shared/model/sandbox';
import type { Session } from '@farhand/shared/model/sessions';
import { PackageOpen } from 'lucide-react';
import { useWorkspace } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { setSessionSandbox } from './sandbox-actions.ts';

/** Says that a session runs in another sandbox than its workspace, or in none; nothing for the others. */
export function SessionSandboxHead({ session }: { readonly session: Session }) {
  const workspace = useWorkspace(session.workspaceId);
  const sandbox = session.sandbox ?? null;
  const usual = workspace?.sandbox ?? NO_SANDBOX;
  if (sandbox === null || sandbox === usual) return null;
  const isAtWork = session.state === 'working' || session.state === 'blocked';
  return (
    <section
      aria-label="Sandbox of this session"
      className="flex min-h-8 shrink-0 items-center gap-2 border-b border-hairline bg-blocked-wash px-4 py-1 text-small"
    >
      <PackageOpen className="size-3.5 shrink-0 text-blocked" aria-hidden />
      <p className="min-w-0 flex-1">
        <strong className="font-medium text-blocked">
          {sandbox === NO_SANDBOX ? 'Not sandboxed' : `Sandbox: ${sandbox}`}
        </strong>{' '}
        <span className="text-text-2">instead of “{usual}” · on record</span>
      </p>
      <Button
        size="small"
        className="phone:h-11"
        disabled={isAtWork}
        title={isAtWork ? 'Once its turn has ended' : undefined}
        onClick={() => void setSessionSandbox(session.id, null)}
      >
        Back to “{usual}”
      </Button>
    </section>
  );
}
