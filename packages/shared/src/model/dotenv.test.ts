import { describe, expect, it } from 'vitest';
import { parseDotenv } from './dotenv.ts';

const read = (text: string) =>
  Object.fromEntries(parseDotenv(text).entries.map(({ name, value }) => [name, value]));

describe('a .env file', () => {
  it.each([
    ['A=1', { A: '1' }],
    ['A = spaced value  ', { A: 'spaced value' }],
    ['export A=1\nexport\tB=2', { A: '1', B: '2' }],
    ['# comment\n\n  # another\nA=1 # why\nB=a#b', { A: '1', B: 'a#b' }],
    [`A='single # $X \\n'`, { A: 'single # $X \\n' }],
    ['A="line\\none \\"two\\" \\\\ \\$X \\q"', { A: 'line\none "two" \\ $X \\q' }],
    [
      'A="first\nsecond # no comment\nthird" # comment\nB=1',
      { A: 'first\nsecond # no comment\nthird', B: '1' },
    ],
    ["KEY='-----BEGIN-----\nabc=\n-----END-----\n'", { KEY: '-----BEGIN-----\nabc=\n-----END-----\n' }],
    ['A=`it\'s "so"`', { A: 'it\'s "so"' }],
    ['\uFEFFA=1\r\nB="x\r\ny"\r\n', { A: '1', B: 'x\ny' }],
    ['A=1\nB=2\nA=3', { B: '2', A: '3' }],
    ['URL=postgres://u:p@h/db?a=b', { URL: 'postgres://u:p@h/db?a=b' }],
    ['A=$B ${C}', { A: '$B ${C}' }],
  ])('reads %j', (text, expected) => {
    expect(read(text)).toEqual(expected);
    expect(parseDotenv(text).problems).toEqual([]);
  });

  it('names the lines that it leaves out by their number, never by what stands there', () => {
    const text = 'A=1\nhunter2\n2B=x\nC=\nD="open\nE=5';
    const { entries, problems } = parseDotenv(text);
    expect(entries).toEqual([
      { name: 'A', value: '1' },
      { name: 'E', value: '5' },
    ]);
    expect(problems.map(({ line }) => line)).toEqual([2, 3, 4, 5]);
    expect(JSON.stringify(problems)).not.toMatch(/hunter2|open|2B/);
  });

  it('reads a large hostile text in little time', () => {
    const from = performance.now();
    parseDotenv(`${'"'.repeat(50_000)}\n${'A="'.repeat(20_000)}${' '.repeat(50_000)}=`);
    expect(performance.now() - from).toBeLessThan(2000);
  });
});

it('reads a file of very many lines that are none in no time', () => {
  const begun = performance.now();
  expect(parseDotenv('!\n'.repeat(300_000)).problems.at(-1)?.line).toBe(300_000);
  expect(performance.now() - begun).toBeLessThan(5000);
});
