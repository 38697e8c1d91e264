import type { SessionId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import { X } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { useSeen } from '@/client/seen-store.ts';
import { stateStore, useServerState } from '@/client/state-store.ts';
import { sessionStatus } from '@/features/workspaces/workspace-status.ts';
import { Button, IconButton } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { Textarea } from '@/ui/field.tsx';
import { StatusMark } from '@/ui/status-mark.tsx';
import { MESSAGE_LIMIT } from '../composer/draft.ts';
import { MessageIds } from '../composer/message-ids.ts';
import { isChosen, type Outcome, outcomeText, sendOne } from './broadcast.ts';
import { choose, useBroadcast } from './broadcast-store.ts';
import { useShownPanes } from './pane-host.ts';

type Outcomes = Readonly<Record<string, Outcome>>;

/** Below a board: one prompt to the chosen sessions on it, and what became of it at each. */
export default function BroadcastBar({ onClose }: { readonly onClose: () => void }) {
  const sessions = useSessionsOnBoard();
  const chosen = useBroadcast((state) => state.chosen);
  const takers = sessions.filter((session) => isChosen(session, chosen));
  const [text, setText] = useState('');
  const { outcomes, isSending, send } = useBroadcastSend();
  const submit = async () => {
    if (text.trim() === '' || takers.length === 0 || isSending) return;
    if (await send(takers, text)) setText('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose();
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void submit();
  };
  const told = Object.values(outcomes);
  return (
    <section
      aria-label="Broadcast"
      className="flex shrink-0 flex-col gap-2 border-t border-hairline-strong bg-app px-3 py-2"
    >
      <div className="flex items-start gap-2">
        <ul
          aria-label="Sessions that get it"
          className="flex max-h-20 min-w-0 flex-1 phone:max-h-24 flex-wrap gap-1 overflow-y-auto"
        >
          {sessions.map((session) => (
            <li key={session.id} className="max-w-full min-w-0">
              <Taker
                session={session}
                isTaken={takers.includes(session)}
                outcome={outcomes[session.id] ?? null}
              />
            </li>
          ))}
          {sessions.length === 0 && <li className="text-small text-text-3">No session on this board</li>}
        </ul>
        <IconButton label="Close the broadcast" keys="escape" onClick={onClose}>
          <X className="size-3.5" aria-hidden />
        </IconButton>
      </div>
      <div className="flex items-end gap-2">
        <Textarea
          aria-label="Message to several agents"
          placeholder={`Message to ${takers.length === 1 ? '1 session' : `${takers.length} sessions`}`}
          rows={Math.min(6, Math.max(1, text.split('\n').length))}
          maxLength={MESSAGE_LIMIT}
          ref={focusOnce}
          className="phone:min-h-11"
          value={text}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={onKeyDown}
        />
        <Button
          variant="primary"
          disabled={text.trim() === '' || takers.length === 0 || isSending}
          onClick={() => void submit()}
        >
          Send to {takers.length}
        </Button>
      </div>
      <output className="sr-only">{isSending ? '' : outcomeText(told)}</output>
    </section>
  );
}

// The bar was asked for to write in it.
const focusOnce = (element: HTMLElement | null) => element?.focus();

function useSessionsOnBoard(): readonly Session[] {
  const ids = new Set(useShownPanes().flatMap((pane) => (pane.kind === 'agent' ? [pane.sessionId] : [])));
  return useServerState((state) => [...ids].flatMap((id) => state.sessions[id] ?? []));
}

interface TakerProps {
  readonly session: Session;
  readonly isTaken: boolean;
  readonly outcome: Outcome | null;
}

function Taker({ session, isTaken, outcome }: TakerProps) {
  const seen = useSeen();
  const workspace = useServerState((state) => state.workspaces[session.workspaceId]?.name);
  const problem = outcome?.state === 'failed' ? ApiError.from(outcome.error).message : null;
  return (
    <label className="flex h-6 max-w-64 min-w-0 items-center gap-1.5 rounded-small border border-hairline-strong px-1.5 text-small text-text-2 has-checked:bg-selected has-checked:text-text phone:h-11">
      <input
        type="checkbox"
        className="shrink-0 accent-(--accent)"
        checked={isTaken}
        onChange={({ target }) => choose(session.id, target.checked)}
      />
      <StatusMark status={sessionStatus(session, seen)} />
      <span className="max-w-[45%] shrink-0 truncate text-text-3" title={workspace}>
        {workspace}
      </span>
      <span className="min-w-0 truncate">{session.title || 'New session'}</span>
      {outcome && (
        <span
          title={problem ?? undefined}
          className={cx(
            'min-w-0 truncate',
            problem ? 'text-failed' : outcome.state === 'sending' ? 'text-text-3' : 'text-done',
          )}
        >
          {problem ? `failed: ${problem}` : outcome.state}
        </span>
      )}
    </label>
  );
}

function useBroadcastSend() {
  const [outcomes, setOutcomes] = useState<Outcomes>({});
  const [isSending, setIsSending] = useState(false);
  const ids = useRef(new Map<SessionId, MessageIds>());
  const idFor = (id: SessionId, text: string) => {
    const own = ids.current.get(id) ?? new MessageIds();
    ids.current.set(id, own);
    return own.for(text);
  };
  /** True where every session took it. */
  const send = async (takers: readonly Session[], text: string): Promise<boolean> => {
    setIsSending(true);
    setOutcomes(Object.fromEntries(takers.map(({ id }) => [id, { state: 'sending' }])));
    const queued = Object.values(stateStore.getState().queuedMessages);
    const all = await Promise.all(
      takers.map(async (session) => {
        const outcome = await sendOne(session, text, {
          queued,
          id: idFor(session.id, text),
          prompt: (input) => call('session.prompt', input),
          queue: (input) => call('queue.add', input),
        });
        if (outcome.state !== 'failed') ids.current.get(session.id)?.settle();
        setOutcomes((before) => ({ ...before, [session.id]: outcome }));
        return outcome;
      }),
    );
    setIsSending(false);
    // Those that took it need it no more; the text stays for the others.
    for (const [at, outcome] of all.entries()) {
      const taker = takers[at];
      if (taker && outcome.state !== 'failed' && all.some(({ state }) => state === 'failed'))
        choose(taker.id, false);
    }
    return all.every(({ state }) => state !== 'failed');
  };
  return { outcomes, isSending, send };
}
