import { describe, expect, it } from 'vitest';
import { ASKS } from '../approvals/policy/testing/asked-commands.ts';
import { CHANGES, PARSED, READS } from '../approvals/policy/testing/harmless-commands.ts';
import { SLY } from '../approvals/policy/testing/sly-commands.ts';
import { OTHER_TRICKS, TRICKS } from '../approvals/policy/testing/tricky-commands.ts';
import { textOf, unescaped } from './testing/bypasses.ts';
import { judging, kindOf } from './testing/judging.ts';

const ORDINARY = textOf('ordinary.txt').map(unescaped);
/** How many of them the default policy allows unasked: fewer is a step back, more has to be looked at one by one. */
const ALLOWED_UNASKED = 217;

const judge = await judging();
const byPreset = judge();

describe('ordinary commands', () => {
  it(`are never denied by the default policy: ${ORDINARY.length} of them`, () => {
    expect(ORDINARY.length).toBeGreaterThan(300);
    expect(ORDINARY.filter((text) => kindOf(byPreset, text) === 'denied')).toEqual([]);
  });

  it(`run unasked in ${ALLOWED_UNASKED} of ${ORDINARY.length} cases`, () => {
    const allowed = ORDINARY.filter((text) => kindOf(byPreset, text) === 'allowed');
    expect(allowed).toHaveLength(ALLOWED_UNASKED);
  });

  it('are understood as shell, but for those that need a run to be known', () => {
    const unresolved = ORDINARY.filter((text) => byPreset(text).unresolved !== null);
    expect(unresolved).toEqual([
      'for f in *.ts; do echo $f; done',
      'PORT=3000 npm start',
      'PYTHONPATH=. pytest',
      'export NODE_ENV=test',
    ]);
  });
});

describe('the parsed shell', () => {
  it.each([...READS, ...CHANGES, ...PARSED])(
    'lets through what the plain reader does, and more: %s',
    (text) => {
      expect(kindOf(byPreset, text)).toBe('allowed');
    },
  );

  it('asks for all that the plain reader asks for, but for what it understands and the other does not', () => {
    const asked = [...ASKS, ...TRICKS, ...OTHER_TRICKS, ...SLY].filter((text) => !PARSED.includes(text));
    expect(asked.filter((text) => kindOf(byPreset, text) !== 'ask')).toEqual([]);
  });
});
