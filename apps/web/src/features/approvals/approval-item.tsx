import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { StatusMark } from '@/ui/status-mark.tsx';
import { useOpened } from '../transcript/opened.ts';
import { DecidedLine } from './decided-line.tsx';
import { useDecided } from './decided-store.ts';
import { ShownText } from './shown-text.tsx';

/** A question at the place in the transcript where the agent waited. While it waits it is answered above the composer. */
export function ApprovalItem({ item }: { readonly item: Extract<TranscriptItem, { kind: 'approval' }> }) {
  const opened = useOpened(item.id, false);
  const decided = useDecided(item.approvalId);
  const decision = item.decision ?? decided?.decision;
  if (decision)
    return (
      <DecidedLine
        title={item.title}
        subject={item.subject}
        decision={decision}
        decidedBy={item.decidedBy ?? decided?.decidedBy ?? null}
        decidedAt={item.decidedAt ?? decided?.decidedAt ?? null}
        opened={opened}
      />
    );
  return (
    <p className="flex min-h-6.5 items-center gap-2 pb-0.5 text-text-2" data-approval-waits={item.approvalId}>
      <StatusMark status="blocked" className="mx-px" />
      <span className="shrink-0">Waits for your answer</span>
      <span className="min-w-0 truncate text-text">
        <ShownText text={item.title} />
      </span>
    </p>
  );
}
