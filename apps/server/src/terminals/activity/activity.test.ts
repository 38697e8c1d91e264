import { createRandom } from '@farhand/shared/testing/random';
import { describe, expect, it } from 'vitest';
import { type Activity, createActivity } from './activity.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const at = '2026-01-01T00:00:00.000Z';
const open = (agent: string | null = 'claude-cli') => createActivity({ agent, now: () => new Date(at) });
const osc = (body: string, end = '\x1b\\') => `\x1b]${body}${end}`;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const seen = (activity: Activity, ...output: string[]) => {
  for (const text of output) activity.output(bytes(text));
  const current = activity.current();
  return current && [current.state, current.text, current.isGuess ? 'guess' : 'said'];
};

describe('a program that reports its status (OSC 7501)', () => {
  it('is asked and answered in the same words, a few times at most and then now and then', () => {
    let ms = 0;
    const activity = createActivity({ agent: null, now: () => new Date(ms) });
    const answer = '\x1b]7501;?\x1b\\';
    expect(activity.output(bytes(`hello${osc('7501;?')}`), false)).toBe('');
    expect(activity.output(bytes(`hello${osc('7501;?')}`))).toBe(answer);
    expect(activity.output(bytes(osc('7501;?', '\x07').repeat(50)))).toBe(answer.repeat(3));
    // What a terminal that echoes gives back is a question again.
    expect(activity.output(bytes(answer))).toBe('');
    ms += 30_000;
    expect(activity.output(bytes(answer))).toBe(answer);
    expect(activity.output(bytes(answer))).toBe('');
    ms += 86_400_000;
    expect(activity.output(bytes(answer.repeat(50)))).toBe(answer.repeat(4));
    expect(activity.current()).toBeNull();
  });

  it.each([
    ['state=working:progress=40', ['working', null, 'said']],
    [
      `state=blocked:kind=permission:app=claude-code:msg=${base64('Deploy?')}`,
      ['blocked', 'Deploy?', 'said'],
    ],
    ['state=blocked:kind=auth', ['blocked', 'asks to sign in', 'said']],
    [`state=error:title=${base64('Tests')}`, ['failed', 'Tests', 'said']],
    ['state=done:unknown=1:=:::', ['done', null, 'said']],
    ['state=dancing', null],
    ['nothing', null],
    [`state=done:msg=${base64('a\u001b[31mb')}`, null],
    ['state=done:msg=%%%', ['done', null, 'said']],
    [`state=done:msg=${base64('x'.repeat(2049))}`, null],
    [`state=done:id=${'a/'.repeat(9)}a`, null],
  ])('reads %s', (body, expected) => {
    expect(seen(open(null), osc(`7501;${body}`))).toEqual(expected);
  });

  it('counts the record that needs a person most, and the newest of equals', () => {
    const activity = open(null);
    const report = (body: string) => seen(activity, osc(`7501;${body}`));
    report('state=working:id=a');
    expect(report(`state=blocked:id=a/b:msg=${base64('b?')}`)).toEqual(['blocked', 'b?', 'said']);
    expect(report(`state=blocked:id=c:msg=${base64('c?')}`)).toEqual(['blocked', 'c?', 'said']);
    expect(report('state=clear:id=c')).toEqual(['blocked', 'b?', 'said']);
    expect(report('state=clear:id=a')).toBeNull();
    report('state=done');
    expect(report('state=clear')).toBeNull();
  });

  it('ends what worked at the next prompt, and what was done when a person types', () => {
    const activity = open(null);
    seen(activity, osc('7501;state=working'), osc('7501;state=done:id=job'));
    expect(seen(activity, osc('133;A'))).toEqual(['done', null, 'said']);
    activity.typed();
    expect(activity.current()).toBeNull();
  });

  it('goes before every guess', () => {
    const activity = open();
    seen(activity, osc('7501;state=blocked'));
    expect(seen(activity, osc('9;4;3'), osc('0;⠋ Building'), '\x07')).toEqual(['blocked', null, 'said']);
  });
});

describe('a program that only lets one guess', () => {
  it.each([
    ['progress', osc('9;4;1;40'), ['working', '40 %', 'guess']],
    ['progress that failed', osc('9;4;2;40'), ['failed', null, 'guess']],
    ['progress that waits', osc('9;4;4'), ['blocked', null, 'guess']],
    ['a notification', osc('9;All tests pass', '\x07'), ['done', 'All tests pass', 'guess']],
    [
      'a notification that asks',
      osc('9;Claude needs your permission'),
      ['blocked', 'Claude needs your permission', 'guess'],
    ],
    [
      'urxvt’s notification',
      osc('777;notify;Codex;Waiting for approval'),
      ['blocked', 'Codex: Waiting for approval', 'guess'],
    ],
    ['kitty’s notification', osc('99;i=1:d=1;Finished'), ['done', 'Finished', 'guess']],
    [
      'kitty’s encoded one',
      osc(`99;e=1:p=body;${base64('Needs input')}`),
      ['blocked', 'Needs input', 'guess'],
    ],
    ['kitty’s icon', osc('99;p=icon;AAAA'), null],
    ['hostile words', osc('9;a\u202eb\u200bc'), ['done', 'a b c', 'guess']],
  ])('%s, in any terminal', (_, output, expected) => {
    expect(seen(open(null), output)).toEqual(expected);
  });

  it.each([
    ['a title with a spinner', osc('0;⠙ Fix the login'), ['working', 'Fix the login', 'guess']],
    ['a title that rests', osc('2;✳ Fix the login'), ['idle', 'Fix the login', 'guess']],
    [
      'a title that asks',
      osc('2;✋  Action Required (shop)'),
      ['blocked', 'Action Required (shop)', 'guess'],
    ],
    ['a command that runs', osc('133;C'), ['working', null, 'guess']],
    ['a command that failed', osc('133;D;2'), ['failed', null, 'guess']],
    ['a title of a shell', osc('0;user@host: ~'), null],
  ])('%s, in a terminal of an agent only', (_, output, expected) => {
    expect(seen(open(), output)).toEqual(expected);
    expect(seen(open(null), output)).toBeNull();
  });

  it('asks by a bell while it works, and never before', () => {
    const activity = open();
    expect(seen(activity, '\x07')).toBeNull();
    expect(seen(activity, osc('0;⠙ Fix'), '\x07')).toEqual(['blocked', 'Fix', 'guess']);
    activity.typed();
    expect(activity.current()).toMatchObject({ state: 'idle', isGuess: true });
  });

  it('is done when its progress ends, where there was any', () => {
    const activity = open(null);
    expect(seen(activity, osc('9;4;0'))).toBeNull();
    expect(seen(activity, osc('9;4;3'), osc('9;4;0'))).toEqual(['done', null, 'guess']);
  });

  it('is forgotten at a full reset', () => {
    expect(seen(open(), osc('9;4;3'), '\x1bc')).toBeNull();
  });
});

describe('output in pieces', () => {
  const story = [
    'text',
    osc('0;⠙ One'),
    `\x1bP1;2|a\x07b\x1b\\`,
    osc('7501;state=working'),
    osc(`9;${'x'.repeat(9000)}`),
    `\x1b]9;cut off\x1b[31m`,
    osc(`7501;state=blocked:msg=${base64('Größe?')}`, '\x07'),
    '\x1b]0;broken\x18',
    'end',
  ].join('');

  it('is read the same however it is cut', () => {
    const whole = open();
    whole.output(bytes(story));
    expect(whole.current()).toEqual({ state: 'blocked', text: 'Größe?', isGuess: false, at });
    const random = createRandom(11);
    const all = bytes(story);
    for (let round = 0; round < 200; round += 1) {
      const activity = open();
      for (let from = 0; from < all.length; ) {
        const to = from + 1 + random.below(40);
        activity.output(all.subarray(from, to));
        from = to;
      }
      expect(activity.current()).toEqual(whole.current());
    }
  });

  it('never throws, whatever comes', () => {
    const random = createRandom(12);
    const activity = open();
    for (let round = 0; round < 500; round += 1) {
      const piece = Uint8Array.from({ length: 60 }, () =>
        random.next() < 0.4 ? (bytes('\x1b]7501;=:state9\x07\\')[random.below(18)] ?? 0) : random.below(256),
      );
      activity.output(piece);
    }
    expect(activity.current()?.text?.length ?? 0).toBeLessThanOrEqual(200);
  });
});
