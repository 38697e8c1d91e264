import { Button } from '@/ui/button.tsx';
import { CopyButton } from '@/ui/copy-button.tsx';
import { EmptyState } from '@/ui/empty-state.tsx';

const COMMAND = 'farhand login-url';

/** The page of a browser that has not signed in, or whose sign-in has ended. */
export function SignedOut() {
  return (
    <main className="flex h-dvh">
      <EmptyState
        title="This browser is not signed in"
        actions={
          <>
            <CopyButton variant="primary" text={COMMAND}>
              Copy the command
            </CopyButton>
            <Button onClick={() => location.reload()}>Try again</Button>
          </>
        }
      >
        <p>Run this where the server runs, then open the URL that it prints. It works once.</p>
        <code className="mt-3 inline-block rounded-ui border border-hairline bg-field px-3 py-1.5 text-ui text-text select-all">
          {COMMAND}
        </code>
      </EmptyState>
    </main>
  );
}
