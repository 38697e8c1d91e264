import type { SessionId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { call } from '@/client/call.ts';
import { markSeen } from '@/client/seen-store.ts';
import { useSession, useWorkspace } from '@/client/state-store.ts';
import { OpenApprovals } from '@/features/approvals/open-approvals.tsx';
import { RewindPlace } from '@/features/checkpoints/rewind-place.tsx';
import { DryRunHead } from '@/features/dry-run/dry-run-head.tsx';
import { HostChip } from '@/features/hosts/host-chip.tsx';
import { SessionSandboxHead } from '@/features/sandbox/session-sandbox-head.tsx';
import { EmptyState } from '@/ui/empty-state.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { showError } from '@/ui/toast.tsx';
import { Composer } from '../composer/composer.tsx';
import { isSecondEscape } from '../composer/double-escape.ts';
import { InlineError } from '../composer/inline-error.tsx';
import { isTurnOpen } from '../composer/queue.ts';
import { fetchMarkdownWhenIdle } from '../transcript/markdown.tsx';
import { transcriptRows } from '../transcript/rows.ts';
import { useSessionFeed } from '../transcript/session-feed.ts';
import { type SessionPlace, SessionPlaceContext } from '../transcript/session-place.ts';
import { Transcript } from '../transcript/transcript.tsx';
import { TurnAnnouncer } from '../transcript/turn-announcer.tsx';
import { SubAgentHead } from './sub-agent-head.tsx';

interface AgentPaneProps {
  readonly sessionId: SessionId;
  /** True where keys go: its composer takes the focus. */
  readonly isActive: boolean;
}

/** A conversation with an agent: its transcript and where to write. */
export default function AgentPane({ sessionId, isActive }: AgentPaneProps) {
  const session = useSession(sessionId);
  if (!session)
    return <EmptyState title="This session is gone">It was deleted, here or in another window.</EmptyState>;
  return <Conversation session={session} isActive={isActive} />;
}

function Conversation({ session, isActive }: { readonly session: Session; readonly isActive: boolean }) {
  const feed = useSessionFeed(session.id);
  const rows = useMemo(() => transcriptRows(feed.items), [feed.items]);
  const input = useRef<HTMLTextAreaElement>(null);
  const onEscape = useEscape(session);
  const place = usePlaceOf(session);
  useSeenWhileShown(session);
  useEffect(fetchMarkdownWhenIdle, []);
  useEffect(() => {
    if (isActive) input.current?.focus({ preventScroll: true });
  }, [isActive]);
  const retry = (text: string) =>
    void call('session.prompt', { sessionId: session.id, text, model: session.model }).catch(
      (error: unknown) => showError('The message was not sent', error),
    );

  return (
    <section
      aria-label={session.title || 'New session'}
      className="flex h-full flex-col bg-pane"
      onKeyDown={(event) => {
        onEscape(event);
        approveByKey(event);
      }}
    >
      <SubAgentHead session={session} />
      <SessionSandboxHead session={session} />
      <DryRunHead session={session} />
      {feed.error && (
        <div className="px-4 pt-3">
          <InlineError error={feed.error} />
        </div>
      )}
      {rows.length > 0 ? (
        <SessionPlaceContext value={place}>
          <Transcript
            key={`transcript-${session.id}`}
            id={session.id}
            rows={rows}
            state={session.state}
            onRetry={retry}
          />
        </SessionPlaceContext>
      ) : (
        <div className="flex min-h-0 flex-1">
          {feed.isLive || feed.error ? <Empty session={session} /> : <Loading />}
        </div>
      )}
      <RewindPlace sessionId={session.id} />
      <TurnAnnouncer rows={rows} />
      {session.state === 'contact_lost' && <ContactLost session={session} />}
      <OpenApprovals sessionId={session.id} />
      <Composer key={`composer-${session.id}`} session={session} input={input} />
    </section>
  );
}

function usePlaceOf({ id, workspaceId }: Session): SessionPlace {
  const directory = useWorkspace(workspaceId)?.directory ?? null;
  return useMemo(() => ({ sessionId: id, workspaceId, directory }), [id, workspaceId, directory]);
}

// From anywhere in the pane; a card that is being answered in takes the key itself.
function approveByKey(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented || event.repeat)
    return;
  const button = event.currentTarget.querySelector<HTMLButtonElement>('button[data-approve]');
  if (!button) return;
  event.preventDefault();
  button.click();
}

// Twice, so that a finger that leaves a menu does not end an hour's work.
function useEscape(session: Session): (event: KeyboardEvent) => void {
  const last = useRef<number | null>(null);
  return (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || !isTurnOpen(session.state)) return;
    const now = Date.now();
    if (!isSecondEscape(last.current, now)) {
      last.current = now;
      return;
    }
    last.current = null;
    call('session.stop', { sessionId: session.id }).catch((error: unknown) =>
      showError('The agent was not stopped', error),
    );
  };
}

// A pane that another takes the place of at once, as when a layout is restored on the way elsewhere, was not looked at.
const LOOK_MS = 300;
// What is seen is written down, which an agent that streams would ask for with each word.
const SEEN_EVERY_MS = 1000;

function useSeenWhileShown(session: Session): void {
  const [isLookedAt, setIsLookedAt] = useState(false);
  const seenAt = useRef(0);
  useEffect(() => {
    const timer = setTimeout(() => setIsLookedAt(true), LOOK_MS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (!isLookedAt) return;
    const look = () => {
      if (document.visibilityState !== 'visible') return;
      seenAt.current = Date.now();
      markSeen([session]);
    };
    const wait = isTurnOpen(session.state) ? seenAt.current + SEEN_EVERY_MS - Date.now() : 0;
    const timer = setTimeout(look, Math.max(0, wait));
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [session, isLookedAt]);
}

function Empty({ session }: { readonly session: Session }) {
  const workspace = useWorkspace(session.workspaceId);
  return (
    <EmptyState title="What should the agent do?">
      <p>
        It works in {workspace ? <span className="text-text">{workspace.name}</span> : 'this workspace'}: it
        reads, edits and runs things on the host, and shows each step here.
      </p>
    </EmptyState>
  );
}

function Loading() {
  return (
    <div
      className="mx-auto flex w-full max-w-[820px] flex-col gap-3 px-4 pt-4"
      aria-busy="true"
      aria-label="Loading the transcript"
    >
      <Skeleton className="h-10 w-full" />
      <Skeleton className="h-4 w-3/4" />
      <Skeleton className="h-4 w-1/2" />
      <Skeleton className="h-4 w-2/3" />
    </div>
  );
}

function ContactLost({ session }: { readonly session: Session }) {
  const workspace = useWorkspace(session.workspaceId);
  return (
    <output className="mx-auto flex w-full max-w-[820px] items-center gap-2 px-4 pb-2 text-small text-text-2">
      <span className="size-1.5 shrink-0 rounded-full bg-lost" aria-hidden />
      <span className="min-w-0">No contact with the host; its jobs run on</span>
      {workspace && <HostChip hostId={workspace.hostId} className="ml-auto shrink-0" />}
    </output>
  );
}
