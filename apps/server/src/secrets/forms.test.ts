import { execFileSync } from 'node:child_process';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createMask } from '../terminals/mask.ts';
import { createRedactor, createRedactorOf } from './redactor.ts';
import { numbers, pieces } from './testing/random.ts';

type Random = ReturnType<typeof numbers>;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const ODD = ' &/+=%"\\é€\t<>?#:;,~!\'()*._-';

const noise = (random: Random, length: number) =>
  Array.from({ length }, () => (LETTERS + ODD)[random(LETTERS.length + ODD.length)]).join('');

/** A value as people have them: a token, a password with anything in it, a connection string, a key of several lines. */
function valueOf(random: Random): string {
  const length = 8 + random(60);
  if (random(4) === 0)
    return Array.from({ length: 3 + random(4) }, () => noise(random, 20 + random(44)).trim()).join('\n');
  return random(2) === 0 ? noise(random, length).trim().padEnd(8, 'x') : noiseOf(LETTERS, random, length);
}
const noiseOf = (letters: string, random: Random, length: number) =>
  Array.from({ length }, () => letters[random(letters.length)]).join('');

const percent = (text: string, keep: RegExp, isLower = false) =>
  Array.from(Buffer.from(text), (byte) => {
    const letter = String.fromCharCode(byte);
    if (byte < 128 && keep.test(letter)) return letter;
    const hex = byte.toString(16).padStart(2, '0');
    return `%${isLower ? hex : hex.toUpperCase()}`;
  }).join('');
const wrapped = (text: string, columns: number, end: string) =>
  text.replace(new RegExp(`(.{${columns}})`, 'g'), `$1${end}`);

/** What a program prints of a value, and the letters of it that must not be seen. */
function printed(value: string, random: Random): { text: string; telling: string } {
  const bytes = Buffer.from(value);
  const before = Buffer.from(noiseOf('xyz', random, random(5)));
  const inside = Buffer.concat([before, bytes, Buffer.from(noiseOf('xyz', random, random(4)))]);
  const core = (encoded: string) =>
    encoded.slice(Math.ceil((before.length * 8) / 6), Math.floor(((before.length + bytes.length) * 8) / 6));
  const base64 = inside.toString(random(2) === 0 ? 'base64' : 'base64url');
  const plain = (text: string) => ({ text, telling: text });
  switch (random(10)) {
    case 0:
      return plain(value);
    case 1:
      return { text: base64, telling: core(base64) };
    case 2:
      return { text: wrapped(base64, 76, '\n'), telling: core(base64) };
    case 3:
      return { text: wrapped(base64, 64, '\r\n    '), telling: core(base64) };
    case 4:
      return plain(encodeURIComponent(value));
    case 5:
      return plain(percent(value, /[^\s\S]/, random(2) === 0));
    case 6:
      return plain(percent(value, /[A-Za-z0-9._~-]/, true));
    case 7:
      return plain(new URLSearchParams({ a: value }).toString().slice(2));
    case 8:
      return plain(JSON.stringify(value).slice(1, -1));
    default:
      return plain(
        wrapped(random(2) === 0 ? bytes.toString('hex') : bytes.toString('hex').toUpperCase(), 60, '\n'),
      );
  }
}

const unbroken = (text: string) => text.replaceAll(/\s/g, '');

describe('a secret in the form that a program gives it', () => {
  it('is covered in every form, at every split, in text, bytes and terminals', () => {
    for (let seed = 1; seed <= 600; seed += 1) {
      const random = numbers(seed);
      const value = valueOf(random);
      const { text, telling } = printed(value, random);
      const whole = `$ ${noiseOf('qwv \n', random, 5)}=${text}= done ${seed}\n`;
      const redactor = createRedactor({ TOKEN: value });
      const stream = redactor.stream();
      const inText =
        pieces(whole, random)
          .map((piece) => stream.push(piece))
          .join('') + stream.end();
      const through = redactor.bytes();
      const parts = pieces(Buffer.from(whole), random).map((piece) => Buffer.from(through.push(piece)));
      const inBytes = Buffer.concat([...parts, through.end()]).toString();
      const seen = `seed ${seed}: ${JSON.stringify(whole)} as ${JSON.stringify(inText)}`;
      expect(inText, seen).toContain('[secret TOKEN]');
      expect(unbroken(inText), seen).not.toContain(unbroken(telling));
      expect(inBytes, seen).toBe(inText);
      expect(inText.endsWith(` done ${seed}\n`), seen).toBe(true);

      const mask = createMask([{ name: 'TOKEN', bytes: Buffer.from(value) }]).open(0);
      const shown = pieces(Buffer.from(whole), random, 40).map((piece) =>
        Buffer.from(mask.push(piece).bytes),
      );
      const inTerminal = Buffer.concat([...shown, mask.flush().bytes]);
      expect(inTerminal.length, seen).toBe(Buffer.byteLength(whole));
      expect(unbroken(inTerminal.toString()), seen).not.toContain(unbroken(telling));
    }
  });

  it('is covered as shells, programs and pages quote it', () => {
    const value = `pa$$'w"o\\r d!&<x>\`(y),{z}`;
    const bash = (script: string, env = value) =>
      execFileSync('bash', ['-c', script], {
        env: { PATH: process.env.PATH, TOKEN: env },
        stdio: 'pipe',
      }).toString();
    const redactor = createRedactor({ TOKEN: value });
    const printed = [
      ...['export -p', 'declare -p TOKEN', 'set', 'printf "%q\\n" "$TOKEN"', 'set -x; : "$TOKEN"'].map(
        (script) => bash(`exec 2>&1; ${script}`),
      ),
      execFileSync('sh', ['-c', 'exec 2>&1; set -x; : "$TOKEN"; export -p'], {
        env: { TOKEN: value },
      }).toString(),
      inspect({ TOKEN: value }),
      value
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#39;'),
    ];
    for (const text of printed) {
      expect(redactor.text(text)).toContain('[secret TOKEN]');
      expect(redactor.text(text), text).not.toMatch(/\{z|z\}|w.*o.*r.*d.*x.*y/);
    }
    const lines = `first of the lines\nit's "second"`;
    const shown = bash('declare -p TOKEN; set -x; : "$TOKEN"', lines);
    expect(createRedactor({ TOKEN: lines }).text(shown)).not.toMatch(/first|second/);
  });

  it('leaves ordinary text alone, whatever the values', () => {
    const words =
      'The quick brown fox jumps over 13 lazy dogs; see https://example.com/a?b=c&d=%20 and deadbeef.\n';
    const code = 'const total = items.map((item) => item.price * 1.19).reduce((a, b) => a + b, 0);\n';
    const text = `${words}${code}${Buffer.from(words + code).toString('base64')}\n20261121 87654321 abcdef0123\n`;
    for (const value of [
      'test',
      'root',
      'pass',
      'hunter2',
      '12345',
      'admin1',
      'secret',
      '!!!!',
      'correct horse',
    ])
      expect(createRedactor({ A: value }).text(text), value).toBe(text);
  });

  it('is covered in a large file by its lines and those of its base64', () => {
    const random = numbers(7);
    const lines = Array.from({ length: 700 }, () => noiseOf(LETTERS, random, 70));
    const file = Buffer.from(`${lines.join('\n')}\n`);
    const redactor = createRedactorOf([{ name: 'KEY', bytes: file }]);
    expect(redactor.text(`a ${lines[412]} b`)).toBe('a [secret KEY] b');
    for (const columns of [64, 76]) {
      const encoded = wrapped(file.toString('base64'), columns, '\n').split('\n');
      expect(redactor.text(`a ${encoded[300]} b`)).toBe('a [secret KEY] b');
    }
    const shown = redactor.text(file.toString('base64'));
    expect(shown.replaceAll('[secret KEY]', '').length).toBeLessThan(4);
  });

  it('costs no more than some times a copy of the text, and not more with more values', () => {
    const random = numbers(3);
    const text = noise(random, 400_000);
    const values = (count: number) =>
      createRedactor(
        Object.fromEntries(
          Array.from({ length: count }, (_, at) => [`S${at}`, noiseOf(LETTERS, random, 40)]),
        ),
      );
    const time = (work: () => void) => {
      work();
      const took = Array.from({ length: 5 }, () => {
        const from = performance.now();
        work();
        return performance.now() - from;
      });
      return Math.min(...took);
    };
    const [few, many] = [values(1), values(60)];
    const ofFew = time(() => few.text(text));
    const ofMany = time(() => many.text(text));
    // 400 KB within 200 ms on a machine at work: 2 MB/s, more than a program prints.
    expect(ofFew).toBeLessThan(200);
    expect(ofMany / ofFew).toBeLessThan(20);
  });
});
