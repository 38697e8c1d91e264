import type { HostFinding } from '@farhand/shared/model/host-checks';
import type { HostId } from '@farhand/shared/model/hosts';
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, CircleHelp, CircleX } from 'lucide-react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { Hint } from '@/ui/hint.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { InlineError } from '../../composer/inline-error.tsx';

const MARKS = {
  bad: { icon: CircleX, tone: 'text-failed', word: 'mend this' },
  warn: { icon: CircleAlert, tone: 'text-blocked', word: 'know this' },
  unknown: { icon: CircleHelp, tone: 'text-text-3', word: 'not known' },
  ok: { icon: CircleCheck, tone: 'text-done', word: 'ok' },
} as const;
const ORDER: readonly HostFinding['state'][] = ['bad', 'warn', 'unknown', 'ok'];

/** How safe and how able a host is, the worst first. */
export function HostReportView({ hostId }: { readonly hostId: HostId }) {
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['host_report', hostId],
    queryFn: ({ signal }) => call('host.doctor', { hostId }, { signal }),
    staleTime: 60_000,
    retry: false,
  });
  if (error) return <InlineError error={ApiError.from(error)} />;
  if (!data) return <Skeleton className="h-24" />;
  const findings = data.report.findings.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return (
    <section
      aria-label="Doctor"
      className="flex flex-col gap-2 rounded-ui border border-hairline bg-field p-3"
    >
      <ul className="flex flex-col gap-1.5">
        {findings.map((finding) => (
          <Finding key={finding.id} finding={finding} />
        ))}
      </ul>
      <Button size="small" className="w-fit phone:h-11" disabled={isFetching} onClick={() => void refetch()}>
        {isFetching ? 'Looking' : 'Look again'}
      </Button>
    </section>
  );
}

function Finding({ finding: { title, seen, todo, state } }: { readonly finding: HostFinding }) {
  const { icon: Icon, tone, word } = MARKS[state];
  return (
    <li className="grid grid-cols-[1rem_1fr] gap-x-2 text-small">
      <Icon className={`mt-0.5 size-3.5 ${tone}`} aria-label={word} />
      <p className="min-w-0 break-words text-text-2">
        <span className="font-medium text-text">{title}.</span> {seen}
        {todo && (
          <span className="block">
            <Hint text={todo} />
          </span>
        )}
      </p>
    </li>
  );
}
