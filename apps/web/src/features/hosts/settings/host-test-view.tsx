import type { HostTest, HostTestStep } from '@farhand/shared/model/host-checks';
import type { HostId } from '@farhand/shared/model/hosts';
import type { CallInput } from '@farhand/shared/protocol/calls';
import { CircleAlert, CircleCheck, CircleDashed, CircleX, Loader } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { CopyButton } from '@/ui/copy-button.tsx';
import { Hint } from '@/ui/hint.tsx';
import { InlineError } from '../../composer/inline-error.tsx';
import { followTest } from './follow-test.ts';

const QuestionForm = lazy(() => import('../question-form.tsx'));

const NAMES: Readonly<Record<HostTestStep['name'], string>> = {
  resolve: 'Resolve',
  connect: 'Connect',
  host_key: 'Host key',
  authenticate: 'Sign in',
  shell: 'Shell',
  git: 'Git',
  write_access: 'Write access',
  disk: 'Disk',
  agents: 'Agents',
};

/** Tests a host, or values that are not saved, as long as it is shown: each step with its time and what to do. */
export function HostTestView({ what }: { readonly what: CallInput<'host.test'> }) {
  const [round, setRound] = useState(0);
  const key = `${JSON.stringify(what)} ${round}`;
  return <OneTest key={key} what={what} onAgain={() => setRound(round + 1)} />;
}

interface OneTestProps {
  readonly what: CallInput<'host.test'>;
  readonly onAgain: () => void;
}

function OneTest({ what, onAgain }: OneTestProps) {
  const { test, error } = useTest(what);
  if (error) return <InlineError error={error} />;
  if (!test) return <p className="text-small text-text-3">Beginning…</p>;
  const { question, hostname, command, state } = test;
  const answer = (given: string | null) =>
    call('host.test_answer', { testId: test.id, questionId: question?.id ?? '', answer: given });
  return (
    <section aria-label="Test" className="flex flex-col gap-2 rounded-ui border border-hairline bg-field p-3">
      <ul className="flex flex-col gap-1" aria-live="polite">
        {test.steps.map((step) => (
          <StepLine key={step.name} step={step} />
        ))}
      </ul>
      {question && (
        <Suspense>
          <div key={question.id} ref={reveal}>
            <QuestionForm
              hostId={test.hostId ?? (question.subject as HostId)}
              question={question}
              onAnswer={answer}
            />
          </div>
        </Suspense>
      )}
      <p
        key={state}
        ref={reveal}
        className="flex scroll-mb-6 flex-wrap items-center gap-2 text-small text-text-2"
      >
        {hostname && (
          <span>
            It calls itself <b className="font-medium text-text">{hostname}</b>.
          </span>
        )}
        <code className="min-w-0 flex-1 basis-48 font-mono wrap-anywhere text-text-3 phone:basis-full">
          {command}
        </code>
        <CopyButton text={command} size="small" className="phone:h-11">
          Copy
        </CopyButton>
        {state !== 'running' && (
          <Button size="small" className="phone:h-11" onClick={onAgain}>
            Test again
          </Button>
        )}
      </p>
    </section>
  );
}

// Below the fold it would seem that nothing happens; at its end there is more to see.
const reveal = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest' });

const MARKS: Readonly<
  Record<
    HostTestStep['state'],
    { readonly icon: typeof CircleX; readonly tone: string; readonly word: string }
  >
> = {
  waiting: { icon: CircleDashed, tone: 'text-text-3', word: 'waits' },
  running: { icon: Loader, tone: 'text-working', word: 'under way' },
  ok: { icon: CircleCheck, tone: 'text-done', word: 'ok' },
  warning: { icon: CircleAlert, tone: 'text-blocked', word: 'warning' },
  failed: { icon: CircleX, tone: 'text-failed', word: 'failed' },
  skipped: { icon: CircleDashed, tone: 'text-text-3', word: 'not looked at' },
};

function StepLine({ step }: { readonly step: HostTestStep }) {
  const { icon: Icon, tone, word } = MARKS[step.state];
  return (
    <li
      className="grid grid-cols-[1rem_6.5rem_1fr_auto] items-start gap-x-2 text-small phone:grid-cols-[1rem_1fr_auto]"
      data-step={step.name}
      data-state={step.state}
    >
      <Icon className={`mt-0.5 size-3.5 ${tone}`} aria-label={word} />
      <span className={step.state === 'waiting' || step.state === 'skipped' ? 'text-text-3' : 'text-text'}>
        {NAMES[step.name]}
      </span>
      <span className="min-w-0 break-words text-text-2 phone:col-span-2 phone:col-start-2 phone:row-start-2">
        {step.detail}
        {step.hint && (
          <span className="block text-text-2">
            <Hint text={step.hint} />
          </span>
        )}
      </span>
      <span className="tabular-nums text-text-3">
        {step.timeMs === null ? '' : `${Math.round(step.timeMs)} ms`}
      </span>
    </li>
  );
}

function useTest(what: CallInput<'host.test'>): { test: HostTest | null; error: ApiError | null } {
  const [test, setTest] = useState<HostTest | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  // As it was when this was first drawn: another test is another component.
  const [wanted] = useState(what);
  useEffect(() => {
    const stop = new AbortController();
    followTest(wanted, setTest, stop.signal).catch((thrown: unknown) => {
      if (!stop.signal.aborted) setError(ApiError.from(thrown));
    });
    return () => stop.abort();
  }, [wanted]);
  return { test, error };
}
