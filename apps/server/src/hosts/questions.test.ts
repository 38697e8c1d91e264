import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostId, HostQuestion } from '@farhand/shared/model/hosts';
import { describe, expect, it } from 'vitest';
import { createHostQuestions } from './questions.ts';

const HOST = 'gpu-1' as HostId;
const question = (part: Partial<HostQuestion> = {}): HostQuestion => ({
  id: 'q1',
  kind: 'passphrase',
  text: 'Enter passphrase for key',
  subject: '/home/ada/.ssh/id_ed25519',
  hostKey: null,
  canRemember: true,
  askedAt: new Date().toISOString(),
  expiresAt: new Date(Date.now() + 60_000).toISOString(),
  ...part,
});
const given = (answer: string | null, questionId = 'q1') => ({ questionId, answer, remember: true });
const codeOf = (run: () => void): string => {
  try {
    run();
    return 'no error';
  } catch (error) {
    return FarhandError.from(error).code;
  }
};

describe('host questions', () => {
  const never = () => new AbortController().signal;

  it('gives the first answer to ssh, and tells the second that it came too late', async () => {
    const questions = createHostQuestions();
    const asked = questions.of(HOST).ask(question(), never());
    questions.answer(HOST, given('open sesame'));
    expect(codeOf(() => questions.answer(HOST, given('too late')))).toBe('host.question_not_found');
    expect(await asked).toEqual({ kind: 'answered', text: 'open sesame', remember: true });
  });

  it('refuses for null', async () => {
    const questions = createHostQuestions();
    const asked = questions.of(HOST).ask(question(), never());
    questions.answer(HOST, given(null));
    expect(await asked).toEqual({ kind: 'refused' });
  });

  it('takes an answer for its own host and question only', async () => {
    const questions = createHostQuestions();
    const asked = questions.of(HOST).ask(question(), never());
    expect(codeOf(() => questions.answer('gpu-2' as HostId, given('x')))).toBe('host.question_not_found');
    expect(codeOf(() => questions.answer(HOST, given('x', 'q2')))).toBe('host.question_not_found');
    questions.answer(HOST, given('right'));
    expect(await asked).toMatchObject({ text: 'right' });
  });

  it('refuses when its time is up', async () => {
    const questions = createHostQuestions();
    const expiresAt = new Date(Date.now() + 20).toISOString();
    expect(await questions.of(HOST).ask(question({ expiresAt }), never())).toEqual({ kind: 'refused' });
    expect(codeOf(() => questions.answer(HOST, given('x')))).toBe('host.question_not_found');
  });

  it('refuses when the connection is given up, before or while it waits', async () => {
    const questions = createHostQuestions();
    expect(await questions.of(HOST).ask(question(), AbortSignal.abort())).toEqual({ kind: 'refused' });
    const giveUp = new AbortController();
    const asked = questions.of(HOST).ask(question(), giveUp.signal);
    giveUp.abort();
    expect(await asked).toEqual({ kind: 'refused' });
    expect(codeOf(() => questions.answer(HOST, given('x')))).toBe('host.question_not_found');
  });
});
