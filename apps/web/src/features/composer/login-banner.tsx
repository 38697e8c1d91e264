import type { AgentControls } from '@farhand/shared/model/agents';
import type { Session } from '@farhand/shared/model/sessions';
import { SquareTerminal } from 'lucide-react';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { useControls } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { openPane } from '../panes/pane-host.ts';
import { agentName } from '../sessions/agent-name.ts';
import { InlineError } from './inline-error.tsx';

/** How to sign the agent in, where it says that it has to be. */
export function LoginBanner({ session }: { readonly session: Session }) {
  const controls = useControls(session.id);
  return controls?.needsLogin ? <Logins session={session} logins={controls.logins} /> : null;
}

function Logins({
  session,
  logins,
}: {
  readonly session: Session;
  readonly logins: AgentControls['logins'];
}) {
  const [underWay, setUnderWay] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const begin = async (loginId: string) => {
    setUnderWay(loginId);
    setError(null);
    try {
      const { terminal } = await call('session.login', { sessionId: session.id, loginId });
      if (terminal)
        openPane({ kind: 'terminal', workspaceId: terminal.workspaceId, terminalId: terminal.id }, 'right');
    } catch (thrown) {
      setError(ApiError.from(thrown));
    } finally {
      setUnderWay(null);
    }
  };
  return (
    <section aria-label="Sign in" className="mb-2 rounded-ui border border-blocked bg-raised p-3">
      <h2 className="font-semibold text-text">{agentName(session.agent)} is not signed in</h2>
      <p className="text-text-2">
        {logins.length > 0
          ? 'It signs in on the host, with an account or a key of yours. Then send your message again.'
          : 'It offers no way to sign in from here: open a terminal on the host and sign in there.'}
      </p>
      {error && (
        <div className="mt-2">
          <InlineError error={error} onClose={() => setError(null)} />
        </div>
      )}
      <ul className="mt-2 flex flex-wrap gap-2">
        {logins.map((login) => (
          <li key={login.id}>
            <Button
              className="phone:h-11"
              title={login.description ?? undefined}
              disabled={underWay !== null}
              onClick={() => void begin(login.id)}
            >
              {login.kind === 'terminal' && <SquareTerminal className="size-3.5" aria-hidden />}
              {underWay === login.id ? 'Signing in' : login.name}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
