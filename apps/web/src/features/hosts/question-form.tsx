import { secondsUntil } from '@farhand/shared/model/connection-text';
import type { HostId, HostQuestion } from '@farhand/shared/model/hosts';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { useNow } from '@/client/use-now.ts';
import { Button } from '@/ui/button.tsx';
import { Hint } from '@/ui/hint.tsx';
import { hostName } from './connection-text.ts';
import { HostKeyFacts } from './host-key-facts.tsx';
import { SecretField } from './secret-field.tsx';

interface QuestionFormProps {
  readonly hostId: HostId;
  readonly question: HostQuestion;
  /** Takes the answer to where the question is from; the host's own connection where not given. */
  readonly onAnswer?: (answer: string | null, remember: boolean) => Promise<unknown>;
}

/** What a connection asks, in plain words, with the ways to answer. Give it the question's id as its key. */
export default function QuestionForm({ hostId, question, onAnswer }: QuestionFormProps) {
  const { id: questionId } = question;
  const { isSending, error, send } = useAnswer(
    onAnswer ?? ((answer, remember) => call('host.answer', { hostId, questionId, answer, remember })),
  );
  const props = { hostId, question, isSending, send };
  return (
    <div className="flex flex-col gap-3" data-question={question.kind}>
      {question.kind === 'host_key' && <HostKey {...props} />}
      {(question.kind === 'passphrase' || question.kind === 'password' || question.kind === 'code') && (
        <SecretField {...props} />
      )}
      {question.kind === 'confirm' && <Confirm {...props} />}
      {question.kind === 'touch' && <Touch {...props} />}
      {error && (
        <p role="alert" className="text-small text-failed">
          {error.message} <Hint text={error.hint ?? ''} />
        </p>
      )}
      <TimeLeft expiresAt={question.expiresAt} />
    </div>
  );
}

/** What each kind of question is drawn with. */
export interface QuestionProps extends Omit<QuestionFormProps, 'onAnswer'> {
  readonly isSending: boolean;
  /** Null refuses. */
  send(answer: string | null, remember?: boolean): void;
}

function useAnswer(answerWith: NonNullable<QuestionFormProps['onAnswer']>) {
  const [isSending, setIsSending] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const send = (answer: string | null, remember = false) => {
    setIsSending(true);
    setError(null);
    // The question goes away with the host's next state; until then nothing can be sent twice.
    answerWith(answer, remember).catch((thrown: unknown) => {
      setError(ApiError.from(thrown));
      setIsSending(false);
    });
  };
  return { isSending, error, send };
}

function HostKey({ hostId, question, isSending, send }: QuestionProps) {
  return (
    <>
      <p className="text-text-2">
        Farhand has not been connected to{' '}
        <span className="text-text">{question.subject || hostName(hostId)}</span> before. Compare this with
        what the host’s owner tells you; if it differs, somebody may stand in between.
      </p>
      {question.hostKey && (
        <HostKeyFacts
          facts={[
            { name: 'Host', value: question.subject },
            { name: 'Key type', value: question.hostKey.type },
            { name: 'Fingerprint', value: question.hostKey.fingerprint, canCopy: true },
          ]}
        />
      )}
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" disabled={isSending} onClick={() => send('yes')}>
          Trust and remember
        </Button>
        <Button data-autofocus disabled={isSending} onClick={() => send(null)}>
          Refuse
        </Button>
      </div>
    </>
  );
}

function Confirm({ question, isSending, send }: QuestionProps) {
  return (
    <>
      <p className="break-words whitespace-pre-wrap text-text">{question.text}</p>
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" disabled={isSending} onClick={() => send('yes')}>
          Yes
        </Button>
        <Button data-autofocus disabled={isSending} onClick={() => send(null)}>
          No
        </Button>
      </div>
    </>
  );
}

function Touch({ question, isSending, send }: QuestionProps) {
  return (
    <>
      <p className="text-text">
        Touch your security key. It must be plugged into the machine where Farhand runs.
      </p>
      {question.text && <p className="text-small break-words text-text-3">{question.text}</p>}
      <div>
        <Button data-autofocus disabled={isSending} onClick={() => send(null)}>
          Cancel
        </Button>
      </div>
    </>
  );
}

function TimeLeft({ expiresAt }: { readonly expiresAt: string }) {
  const seconds = secondsUntil(expiresAt, useNow(1000));
  const text = seconds >= 60 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${seconds} s`;
  return <p className="text-small text-text-3 tabular-nums">{text} left to answer</p>;
}
