import type { Approval } from '@farhand/shared/model/approvals';
import { type MouseEvent, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Input, Textarea } from '@/ui/field.tsx';
import { Kbd } from '@/ui/kbd.tsx';
import { ShownText } from './shown-text.tsx';
import type { Decide } from './use-decide.ts';
import { visibleText } from './visible-text.ts';

interface ActionsProps {
  readonly approval: Approval;
  readonly canDecide: boolean;
  onDecide(decision: Decide): void;
}

// The step was asked for by a key or a click: what it is about gets the focus.
const focus = (element: HTMLElement | null) => element?.focus();

type Asked = 'always' | 'reason' | 'edit' | null;

const ALLOW: Readonly<Partial<Record<Approval['subject']['kind'], string>>> = {
  plan: 'Accept the plan',
  budget: 'Go on',
};
const DENY: Readonly<Partial<Record<Approval['subject']['kind'], string>>> = {
  plan: 'Refuse',
  budget: 'Stop here',
};

const REASON: typeof DENY = { plan: 'Refuse with reason…', budget: 'Stop with reason…' };
const REASON_SENT: typeof DENY = { plan: 'Refuse with this reason', budget: 'Stop with this reason' };

/** The answers that an approval can have; what lasts, or is another than what was asked, takes a second step. */
export function ApprovalActions({ approval, canDecide, onDecide }: ActionsProps) {
  const [asked, setAsked] = useState<Asked>(null);
  const { subject, pattern } = approval;
  const canEdit = approval.canEdit && subject.kind === 'command';
  const back = (event: MouseEvent) => {
    setAsked(null);
    // The button goes; the keys of the card should still answer.
    event.currentTarget.closest<HTMLElement>('[data-approval]')?.focus();
  };
  const step = { approval, canDecide, onDecide, onBack: back };
  if (asked === 'always') return <AlwaysStep {...step} />;
  if (asked === 'reason') return <ReasonStep {...step} />;
  if (asked === 'edit' && subject.kind === 'command') return <EditStep {...step} command={subject.command} />;
  return (
    <>
      <div className="approval-actions approval-answers">
        <Button
          variant="primary"
          data-approve
          disabled={!canDecide}
          onClick={() => onDecide({ kind: 'allow', scope: 'once' })}
        >
          {ALLOW[subject.kind] ?? 'Allow once'}
          <span className="approval-key">
            <Kbd keys="a" className="[&>kbd]:border-current [&>kbd]:text-current" />
          </span>
        </Button>
        <Button data-deny disabled={!canDecide} onClick={() => onDecide({ kind: 'deny' })}>
          {DENY[subject.kind] ?? 'Deny'}
          <span className="approval-key">
            <Kbd keys="d" />
          </span>
        </Button>
      </div>
      <div className="approval-actions">
        {approval.canAllowSession && (
          <Button
            data-wide
            disabled={!canDecide}
            onClick={() => onDecide({ kind: 'allow', scope: 'session' })}
          >
            Allow for this session
          </Button>
        )}
        {pattern !== null && (
          <Button data-wide className="max-w-full" disabled={!canDecide} onClick={() => setAsked('always')}>
            <span className="shrink-0">Always allow</span>
            <code className="min-w-0 truncate text-small">{visibleText(pattern)}</code>
          </Button>
        )}
        {canEdit && (
          <Button variant="ghost" disabled={!canDecide} onClick={() => setAsked('edit')}>
            Edit command…
          </Button>
        )}
        <Button
          variant="ghost"
          {...(!canEdit && { 'data-wide': true })}
          disabled={!canDecide}
          onClick={() => setAsked('reason')}
        >
          {REASON[subject.kind] ?? 'Deny with reason…'}
        </Button>
      </div>
    </>
  );
}

interface StepProps extends ActionsProps {
  onBack(event: MouseEvent): void;
}

function AlwaysStep({ approval, canDecide, onDecide, onBack }: StepProps) {
  return (
    <div className="flex flex-col gap-2">
      <p className="text-text-2">
        From now on agents in this workspace are not asked for what fits this pattern. It can be taken back in
        the settings.
      </p>
      <pre className="approval-box approval-code" aria-label="Pattern">
        <ShownText text={approval.pattern ?? ''} />
      </pre>
      <div className="approval-actions">
        <Button
          variant="primary"
          ref={focus}
          disabled={!canDecide}
          onClick={() => onDecide({ kind: 'allow', scope: 'always' })}
        >
          Always allow this
        </Button>
        <Button onClick={onBack}>Back</Button>
      </div>
    </div>
  );
}

function ReasonStep({ approval, canDecide, onDecide, onBack }: StepProps) {
  const [reason, setReason] = useState('');
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onDecide({ kind: 'deny', ...(reason.trim() !== '' && { reason: reason.trim() }) });
      }}
    >
      <Input
        aria-label="Reason, which the agent gets"
        placeholder={
          approval.subject.kind === 'plan'
            ? 'What should the plan say instead?'
            : 'Why not, or what to do instead: the agent reads it'
        }
        ref={focus}
        maxLength={4096}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
      <div className="approval-actions">
        <Button type="submit" variant="primary" disabled={!canDecide}>
          {REASON_SENT[approval.subject.kind] ?? 'Deny with this reason'}
        </Button>
        <Button onClick={onBack}>Back</Button>
      </div>
    </form>
  );
}

function EditStep({ command, canDecide, onDecide, onBack }: StepProps & { readonly command: string }) {
  const [text, setText] = useState(command);
  const hasUnseen = visibleText(text) !== text;
  const isSame = text === command;
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onDecide({ kind: 'allow', scope: 'once', ...(!isSame && { command: text }) });
      }}
    >
      <Textarea
        aria-label="Command to run instead"
        className="max-h-60 font-mono text-small"
        rows={Math.min(10, text.split('\n').length + 1)}
        ref={focus}
        spellCheck={false}
        maxLength={100_000}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {hasUnseen && (
        <pre className="approval-box approval-code" aria-label="The command with what cannot be seen">
          <ShownText text={text} />
        </pre>
      )}
      <div className="approval-actions">
        <Button type="submit" variant="primary" disabled={!canDecide || text.trim() === ''}>
          {isSame ? 'Allow once as it was' : 'Run this instead'}
        </Button>
        <Button onClick={onBack}>Back</Button>
      </div>
    </form>
  );
}
