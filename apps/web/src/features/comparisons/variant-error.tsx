import type { Variant } from '@farhand/shared/model/comparisons';
import type { ErrorInfo } from '@farhand/shared/model/workspaces';
import { call } from '@/client/call.ts';
import { useServerState } from '@/client/state-store.ts';
import { openDialog, showWorkspace } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { CopyButton } from '@/ui/copy-button.tsx';
import { Hint } from '@/ui/hint.tsx';
import { errorDetails, showError } from '@/ui/toast.tsx';
import { openVariant } from './open-variants.ts';

/** Why a variant failed and what can be done now, in its own row. */
export function VariantError({ variant, error }: { readonly variant: Variant; readonly error: ErrorInfo }) {
  const { workspaceId } = variant;
  const isUnmade = useServerState(
    (state) => workspaceId !== null && state.workspaces[workspaceId]?.state === 'failed',
  );
  const retry = () => {
    if (workspaceId === null) return;
    call('workspace.retry', { workspaceId }).catch((thrown: unknown) => showError('Not retried', thrown));
  };
  return (
    <div role="alert" className="mt-2 ml-6 flex items-start gap-3 rounded-ui bg-failed-wash p-3 phone:ml-0">
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <p className="break-words text-text">{error.message}</p>
        {error.hint && (
          <p className="text-text-2">
            <Hint text={error.hint} />
          </p>
        )}
        <code className="text-micro text-text-2">{error.code}</code>
        <span className="mt-1 flex flex-wrap gap-2">
          {isUnmade ? (
            <>
              <Button size="small" className="phone:h-11" onClick={retry}>
                Retry
              </Button>
              <Button
                size="small"
                className="phone:h-11"
                onClick={() => workspaceId && showWorkspace(workspaceId)}
              >
                See the steps
              </Button>
            </>
          ) : (
            <Button size="small" className="phone:h-11" onClick={() => openVariant(variant)}>
              Open the session
            </Button>
          )}
          {error.code === 'agent.not_installed' && (
            <Button
              size="small"
              className="phone:h-11"
              onClick={() => openDialog({ kind: 'settings', part: 'agents' })}
            >
              See the agents
            </Button>
          )}
        </span>
      </div>
      <CopyButton size="small" className="phone:h-11" text={errorDetails(error)}>
        Copy details
      </CopyButton>
    </div>
  );
}
