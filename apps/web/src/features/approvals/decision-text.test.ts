import { describe, expect, it } from 'vitest';
import { clockText, deciderText, decisionText } from './decision-text.ts';

const at = '2026-01-01T14:31:00.000Z';

describe('decisionText', () => {
  it('names the scope of an allowance', () => {
    expect(decisionText({ kind: 'allowed', scope: 'once', command: null })).toEqual({
      text: 'Allowed once',
      tone: 'allowed',
      detail: null,
    });
    expect(decisionText({ kind: 'allowed', scope: 'rule', command: null }).text).toBe('Allowed by a rule');
  });

  it('says that another command ran, and which', () => {
    expect(decisionText({ kind: 'allowed', scope: 'once', command: 'npm publish --dry-run' })).toEqual({
      text: 'Allowed with another command',
      tone: 'allowed',
      detail: 'npm publish --dry-run',
    });
  });

  it('has the words of a plan and of a budget', () => {
    expect(decisionText({ kind: 'allowed', scope: 'once', command: null }, 'plan').text).toBe(
      'Plan accepted',
    );
    expect(decisionText({ kind: 'denied', reason: null }, 'plan').text).toBe('Plan refused');
    expect(decisionText({ kind: 'allowed', scope: 'once', command: null }, 'budget').text).toBe(
      'Went on over the budget',
    );
  });

  it('never takes a void one for a decision', () => {
    expect(decisionText({ kind: 'void', reason: 'The turn ended.' })).toEqual({
      text: 'Not decided',
      tone: 'void',
      detail: 'The turn ended.',
    });
  });
});

describe('deciderText', () => {
  it('tells who and when, as far as that is known', () => {
    expect(deciderText('page', at)).toBe(`page · ${clockText(at)}`);
    expect(deciderText('cli', null)).toBe('command line');
    expect(deciderText(null, at)).toMatch(/^\d\d:\d\d$/);
    expect(deciderText(null, null)).toBe('');
  });
});
