import './approvals.css';
import type { Approval } from '@farhand/shared/model/approvals';
import { type KeyboardEvent, memo, useId } from 'react';
import { agoText } from '@/client/duration.ts';
import { useServerState } from '@/client/state-store.ts';
import { useNow } from '@/client/use-now.ts';
import { cx } from '@/ui/cx.ts';
import { Hint } from '@/ui/hint.tsx';
import { StatusMark } from '@/ui/status-mark.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { HostChip } from '../hosts/host-chip.tsx';
import { ApprovalActions } from './approval-actions.tsx';
import { ApprovalForm } from './approval-form.tsx';
import { ApprovalSubject } from './approval-subject.tsx';
import { askerName } from './asker-name.ts';
import { DecidedLine } from './decided-line.tsx';
import { ShownText } from './shown-text.tsx';
import { useDecide } from './use-decide.ts';

interface ApprovalCardProps {
  readonly approval: Approval;
  /** For a list of many: what is asked about takes less room, and scrolls sooner. */
  readonly compact?: boolean;
}

/**
 * A question of an agent and its answers; one line once it is decided. Keys while the focus is in it: `a` allows once,
 * `d` denies, Ctrl/⌘+Enter approves also from a field.
 */
export const ApprovalCard = memo(function ApprovalCard({
  approval: given,
  compact = false,
}: ApprovalCardProps) {
  const { approval, canDecide, error, decide } = useDecide(given);
  const titleId = useId();
  if (approval.decision)
    return (
      <div>
        {error && <p className="pb-1 text-small text-text-2">{error.message}</p>}
        <DecidedLine
          title={approval.title}
          subject={approval.subject}
          decision={approval.decision}
          decidedBy={approval.decidedBy}
          decidedAt={approval.decidedAt}
        />
      </div>
    );
  const { subject } = approval;
  const onDecide = (decision: Parameters<typeof decide>[0]) => void decide(decision);
  return (
    <section
      aria-labelledby={titleId}
      data-approval={approval.id}
      className={cx('approval', compact && 'approval-compact')}
      onKeyDown={onCardKey}
      tabIndex={-1}
    >
      <Head approval={approval} titleId={titleId} compact={compact} />
      {!isTitleAll(approval) && <ApprovalSubject subject={subject} cwd={approval.cwd} />}
      {error && <InlineError error={error} />}
      {subject.kind === 'form' ? (
        <ApprovalForm
          key={approval.hash}
          fields={subject.fields}
          url={subject.url}
          canDecide={canDecide}
          onDecide={onDecide}
        />
      ) : (
        <ApprovalActions key={approval.hash} approval={approval} canDecide={canDecide} onDecide={onDecide} />
      )}
    </section>
  );
});

// A question of one line is its own title.
const isTitleAll = ({ subject, title }: Approval) =>
  subject.kind === 'form' && subject.message.trim() === title;

interface HeadProps {
  readonly approval: Approval;
  readonly titleId: string;
  readonly compact: boolean;
}

function Head({ approval, titleId, compact }: HeadProps) {
  const { workspaceId, sessionId } = approval;
  const workspace = useServerState((state) => (workspaceId ? state.workspaces[workspaceId] : undefined));
  const session = useServerState((state) => (sessionId ? state.sessions[sessionId] : undefined));
  const now = useNow(30_000);
  const waited = agoText(now - Date.parse(approval.askedAt));
  return (
    <header className="flex flex-col gap-0.5">
      <div className="flex items-center gap-2">
        <StatusMark status="blocked" />
        <h3
          id={titleId}
          className={cx(
            'min-w-0 flex-1 font-semibold break-words text-text',
            // The whole of it stands below.
            approval.subject.kind === 'command' && 'line-clamp-2',
          )}
        >
          <ShownText text={approval.title} />
        </h3>
        <time dateTime={approval.askedAt} className="shrink-0 text-small text-text-3 tabular-nums">
          {waited === 'now' ? 'just now' : `${waited} ago`}
        </time>
      </div>
      <p className="flex min-w-0 flex-wrap items-center gap-x-2 text-small text-text-3">
        <span className="text-text-2">{askerName(approval)}</span>
        {session?.parent?.kind === 'subagent' && <span>sub-agent “{session.title || 'New session'}”</span>}
        {approval.workspaceId !== null && <span>in {workspace?.name ?? 'a workspace'}</span>}
        <HostChip hostId={approval.hostId} />
      </p>
      {!(compact && approval.why === '') && (
        <p className="break-words text-text-2">
          <Hint text={approval.why} />
        </p>
      )}
    </header>
  );
}

// A letter that is typed into a field of the card is a letter; approving works from everywhere in it.
function onCardKey(event: KeyboardEvent<HTMLElement>): void {
  const { currentTarget: card, target } = event;
  const isWriting = target instanceof Element && target.closest('input, textarea, select') !== null;
  const isMod = event.ctrlKey || event.metaKey;
  if (event.key === 'Enter' && isMod) press(card, '[data-approve], [type="submit"]', event);
  else if (isMod || event.altKey || event.repeat || isWriting) return;
  else if (event.key === 'a') press(card, 'button[data-approve]:not([type="submit"])', event);
  else if (event.key === 'd') press(card, '[data-deny]', event);
}

function press(card: HTMLElement, selector: string, event: KeyboardEvent): void {
  const button = card.querySelector<HTMLButtonElement>(selector);
  if (!button) return;
  event.preventDefault();
  event.stopPropagation();
  button.click();
}
