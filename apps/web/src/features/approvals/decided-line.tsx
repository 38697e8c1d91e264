import './approvals.css';
import type { Approval, ApprovalDecision } from '@farhand/shared/model/approvals';
import { ChevronRight, CircleCheck, CircleSlash, CircleX, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { cx } from '@/ui/cx.ts';
import { ApprovalSubject } from './approval-subject.tsx';
import { type DecisionText, deciderText, decisionText } from './decision-text.ts';
import { ShownText } from './shown-text.tsx';

const ICONS: Readonly<Record<DecisionText['tone'], { Icon: LucideIcon; colour: string }>> = {
  allowed: { Icon: CircleCheck, colour: 'text-done' },
  denied: { Icon: CircleX, colour: 'text-failed' },
  void: { Icon: CircleSlash, colour: 'text-text-3' },
};

interface DecidedLineProps {
  readonly title: string;
  readonly subject: Approval['subject'];
  readonly decision: ApprovalDecision;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  /** Kept by the one around it, where rows out of sight are unmounted. */
  readonly opened?: readonly [boolean, () => void];
}

/** A decided approval in one line: what was asked, how and when it was decided; opens to what was shown. */
export function DecidedLine({ title, subject, decision, decidedBy, decidedAt, opened }: DecidedLineProps) {
  const [isOwnOpen, setIsOwnOpen] = useState(false);
  const [isShown, toggle] = opened ?? [isOwnOpen, () => setIsOwnOpen((is) => !is)];
  const { text, tone, detail } = decisionText(decision, subject.kind);
  const { Icon, colour } = ICONS[tone];
  const by = deciderText(decidedBy, decidedAt);
  return (
    <div className="tool" data-approval-decided={tone}>
      <button type="button" className="tool-line" aria-expanded={isShown} onClick={toggle}>
        <Icon className={cx('size-3.5 shrink-0', colour)} aria-hidden />
        <span className="shrink-0 text-text-2">{text}</span>
        <span className="min-w-0 truncate text-text">
          <ShownText text={title} />
        </span>
        <span className="ml-auto flex shrink-0 items-center gap-2 pl-2 text-small text-text-3 tabular-nums">
          {by}
          <ChevronRight className={cx('size-3', isShown && 'rotate-90')} aria-hidden />
        </span>
      </button>
      {isShown && (
        <div className="tool-details">
          {detail !== null && (
            <p className="break-words whitespace-pre-wrap text-text-2">
              {decision.kind === 'allowed' ? 'Ran instead: ' : ''}
              <ShownText text={detail} />
            </p>
          )}
          <ApprovalSubject subject={subject} cwd={null} />
        </div>
      )}
    </div>
  );
}
