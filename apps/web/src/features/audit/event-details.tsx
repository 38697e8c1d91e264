import type { AuditEvent } from '@farhand/shared/model/audit';
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { useServerState } from '@/client/state-store.ts';
import { showWorkspace } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { CopyButton } from '@/ui/copy-button.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { visibleText } from '../approvals/visible-text.ts';
import { InlineError } from '../composer/inline-error.tsx';
import { EndButton } from './end-button.tsx';
import { actorText, factsOf, KIND_NAMES } from './event-text.ts';
import type { Filters } from './filters.ts';
import { KeptOutput } from './kept-output.tsx';

interface EventDetailsProps {
  readonly seq: number;
  /** Where the list has it already. */
  readonly known: AuditEvent | undefined;
  readonly onShow: (seq: number) => void;
  /** Shows these alone. */
  readonly onFilter: (filters: Partial<Filters>) => void;
}

/** One event whole: its facts, what belongs to it, and what the command wrote. */
export function EventDetails({ seq, known, onShow, onFilter }: EventDetailsProps) {
  const { data, error } = useQuery({
    queryKey: ['audit-event', seq],
    queryFn: async ({ signal }) => (await call('audit.get', { seq }, { signal })).event,
    enabled: known === undefined,
  });
  const event = known ?? data;
  if (error && !event) return <InlineError error={ApiError.from(error)} />;
  if (!event) return <Skeleton className="h-3 w-40" />;
  return (
    <>
      <h3 className="text-small text-text-3">
        {KIND_NAMES[event.kind]} {event.seq}
      </h3>
      <p className="text-read break-words whitespace-pre-wrap">{visibleText(event.summary)}</p>
      <Facts event={event} />
      <Related event={event} onShow={onShow} onFilter={onFilter} />
      {event.output && (
        <KeptOutput seq={event.seq} hash={event.output} isCut={event.facts.isOutputCut === true} />
      )}
    </>
  );
}

function Facts({ event }: { readonly event: AuditEvent }) {
  const { at, actor, hostId, workspaceId, hash } = event;
  const workspace = useServerState((state) =>
    workspaceId ? state.workspaces[workspaceId]?.name : undefined,
  );
  const plain = [
    ['When', new Date(at).toLocaleString()],
    ['Who', actorText(actor)],
    ['Host', hostId],
    ['Workspace', workspace ?? workspaceId],
  ].filter(([, value]) => value);
  return (
    <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-1 text-small">
      {plain.map(([name, value]) => (
        <Fact key={name} name={name ?? ''} value={value ?? ''} isCode={false} />
      ))}
      {factsOf(event).map((fact) => (
        <Fact key={fact.name} {...fact} />
      ))}
      <Fact name="Hash" value={hash} isCode />
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  readonly value: string;
  readonly isCode: boolean;
}

function Fact({ name, value, isCode }: FactProps) {
  return (
    <>
      <dt className="text-text-3">{name}</dt>
      <dd
        className={`max-h-48 overflow-y-auto break-all whitespace-pre-wrap text-text ${isCode ? 'font-mono' : ''}`}
      >
        {value}
      </dd>
    </>
  );
}

function Related({
  event,
  onShow,
  onFilter,
}: Pick<EventDetailsProps, 'onShow' | 'onFilter'> & { readonly event: AuditEvent }) {
  const { facts, sessionId, workspaceId, seq, hash } = event;
  const { command, jobId, approvalId } = facts;
  const workspaces = useServerState((state) => state.workspaces);
  const isWorkspaceThere = workspaceId !== null && workspaces[workspaceId] !== undefined;
  return (
    <div className="flex flex-wrap gap-1.5">
      {typeof command === 'number' && (
        <Button size="small" className="phone:h-11" onClick={() => onShow(command)}>
          The command
        </Button>
      )}
      {event.kind === 'command' && typeof jobId === 'string' && (
        <EndButton seq={seq} jobId={jobId} onShow={onShow} />
      )}
      {typeof jobId === 'string' && (
        <Button size="small" className="phone:h-11" onClick={() => onFilter({ text: jobId })}>
          All of this job
        </Button>
      )}
      {typeof approvalId === 'string' && (
        <Button size="small" className="phone:h-11" onClick={() => onFilter({ text: approvalId })}>
          All of this approval
        </Button>
      )}
      {sessionId && (
        <Button size="small" className="phone:h-11" onClick={() => onFilter({ sessionId })}>
          All of this session
        </Button>
      )}
      {isWorkspaceThere && (
        <Button size="small" className="phone:h-11" onClick={() => showWorkspace(workspaceId)}>
          Open the workspace
        </Button>
      )}
      <CopyButton size="small" className="phone:h-11" text={`${seq}:${hash}`}>
        Copy number and hash
      </CopyButton>
    </div>
  );
}
