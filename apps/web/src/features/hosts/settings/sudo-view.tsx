import type { HostId } from '@farhand/shared/model/hosts';
import type { SudoPlan } from '@farhand/shared/model/sudo';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { CopyButton } from '@/ui/copy-button.tsx';
import { Hint } from '@/ui/hint.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { InlineError } from '../../composer/inline-error.tsx';

/** What the policy means for sudo on a host: the file, its check, how the host differs, and how a person applies it. */
export function SudoView({ hostId }: { readonly hostId: HostId }) {
  const { data, error } = useQuery({
    queryKey: ['sudo_plan', hostId],
    queryFn: ({ signal }) => call('sudo.plan', { hostId }, { signal }),
    staleTime: 0,
    retry: false,
  });
  if (error) return <InlineError error={ApiError.from(error)} />;
  if (!data) return <Skeleton className="h-24" />;
  return (
    <section
      aria-label="Sudo"
      className="flex flex-col gap-3 rounded-ui border border-hairline bg-field p-3 text-small"
    >
      <Plan plan={data.plan} />
    </section>
  );
}

function Plan({ plan: { user, path, text, check, left, diff, apply } }: { readonly plan: SudoPlan }) {
  return (
    <>
      {text === '' ? (
        <p className="text-text-2">
          No rule of the policy lets {user} run anything by sudo there. A rule such as{' '}
          <code>match = "sudo systemctl restart nginx"</code> with <code>effect = "allow"</code> would.
        </p>
      ) : (
        <>
          <p className="text-text-2">
            <code>{path}</code>{' '}
            {check === null ? (
              'could not be checked: neither machine has visudo.'
            ) : (
              <span className={check.isValid ? 'text-done' : 'text-failed'}>
                {check.isValid ? 'is valid, says visudo' : `is not valid: ${check.said}`}
              </span>
            )}
          </p>
          <Block>{text}</Block>
        </>
      )}
      {left.map(({ rule, pattern, reason }) => (
        <p key={`${rule} ${pattern}`} className="text-text-2">
          Left out: <code>{pattern}</code> of {rule}. <Hint text={reason} />
        </p>
      ))}
      {diff === null && (
        <p className="text-text-2">
          What the host allows now is not known: <code>sudo -l</code> wants a password there, or there is no
          sudo.
        </p>
      )}
      {diff && (
        <>
          <p className="text-text-2">Against what the host allows now without a password:</p>
          <Block>{diff}</Block>
        </>
      )}
      <p className="flex flex-wrap items-center gap-2 text-text-2">
        <span className="min-w-0 flex-1 basis-56">
          Farhand changes nothing there by itself. Run the command in a shell of your own on the host: it{' '}
          {text === ''
            ? 'takes away what an earlier policy put there.'
            : 'checks the file once more and puts it in place.'}
        </span>
        <CopyButton text={apply} size="small" className="phone:h-11">
          Copy the command
        </CopyButton>
      </p>
    </>
  );
}

const Block = ({ children }: { readonly children: ReactNode }) => (
  <pre className="max-h-64 overflow-auto rounded-ui border border-hairline p-2 font-mono leading-5 break-words whitespace-pre-wrap text-text">
    {children}
  </pre>
);
