import type { Host } from '@farhand/shared/model/hosts';
import type { SandboxCheck } from '@farhand/shared/model/sandbox';
import { Check, X } from 'lucide-react';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { CopyButton } from '@/ui/copy-button.tsx';
import { InlineError } from '../composer/inline-error.tsx';

/** One host, whether a profile works there, and what to do where it does not. */
export function HostCheck({ host, profile }: { readonly host: Host; readonly profile: string }) {
  const [check, setCheck] = useState<SandboxCheck | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const ask = async () => {
    setIsAsking(true);
    setError(null);
    try {
      setCheck((await call('sandbox.check', { host: host.id, profile })).check);
    } catch (thrown) {
      setError(ApiError.from(thrown));
    }
    setIsAsking(false);
  };
  return (
    <li className="flex flex-col gap-1 px-3 py-2">
      <div className="flex items-center gap-2">
        <p className="min-w-0 flex-1 truncate font-medium">{host.label}</p>
        <Button
          size="small"
          variant="ghost"
          className="phone:h-11"
          disabled={isAsking}
          aria-label={`Check ${host.label}`}
          onClick={() => void ask()}
        >
          {isAsking ? 'Checking' : 'Check'}
        </Button>
      </div>
      <div aria-live="polite">
        {error && <InlineError error={error} />}
        {check && <Result check={check} />}
      </div>
    </li>
  );
}

function Result({ check }: { readonly check: SandboxCheck }) {
  const Icon = check.works ? Check : X;
  return (
    <div className="flex flex-col gap-1 text-small">
      <p className="flex items-start gap-1.5">
        <Icon
          aria-hidden="true"
          className={`mt-0.5 size-3.5 shrink-0 ${check.works ? 'text-done' : 'text-failed'}`}
        />
        <span>
          {check.message}
          {check.limits && (
            <span className="text-text-3">
              {' '}
              Limits are kept by {check.limits === 'systemd' ? 'systemd' : 'ulimit'}.
            </span>
          )}
        </span>
      </p>
      {check.fix && <p className="text-text-2">{check.fix}</p>}
      {check.command && (
        <div className="flex items-start gap-2 rounded-ui bg-app p-2">
          <pre className="min-w-0 flex-1 overflow-x-auto text-micro">{check.command}</pre>
          <CopyButton size="small" text={check.command}>
            Copy
          </CopyButton>
        </div>
      )}
    </div>
  );
}
