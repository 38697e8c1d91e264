import { describe, expect, it } from 'vitest';
import { openConsignment, parseConsignment } from './consignment.ts';

const [HEAD, WORK] = ['a'.repeat(40), 'b'.repeat(40)];
const parse = (...lines: string[]) => parseConsignment(Buffer.from(['farhand 1', ...lines].join('\n')));

describe('the lines before a pack', () => {
  it('give commits by their hashes, and names beside them', () => {
    const refs = ['refs/heads/main', 'refs/heads/fix/über-all', 'refs/tags/v1.0', 'refs/stash', 'refs/stash'];
    const lines = refs.map((name) => `ref ${WORK} ${name}`);
    expect(parse(`head ${HEAD} refs/heads/main`, `work ${WORK}`, ...lines)).toEqual({
      head: HEAD,
      headBranch: 'main',
      work: WORK,
      refs: refs.map((name) => ({ name, commit: WORK })),
    });
    expect(parse(`head ${HEAD}`)).toEqual({ head: HEAD, headBranch: null, work: null, refs: [] });
  });

  it.each([
    'refs/heads/',
    'refs/heads/.hidden',
    'refs/heads/a..b',
    'refs/heads/a/.b',
    'refs/heads/a//b',
    'refs/heads//a',
    'refs/heads/a.lock',
    'refs/heads/a.lock/b',
    'refs/heads/a/',
    'refs/heads/a.',
    'refs/heads/a@{1}',
    'refs/heads/a:b',
    'refs/heads/a*',
    'refs/heads/a\\b',
    'refs/heads/a\u001b[2J',
    'refs/heads/a\u202eb',
    'refs/heads/../../x',
    'refs/stash/x',
    'refs/remotes/origin/main',
    'refs/farhand/x',
    'HEAD',
    '--upload-pack=x',
  ])('are refused for the name %j', (name) => {
    expect(() => parse(`head ${HEAD}`, `ref ${WORK} ${name}`)).toThrowError(
      expect.objectContaining({ code: 'workspace.fetch_refused' }),
    );
  });

  it.each([
    ['no head', []],
    ['two heads', [`head ${HEAD}`, `head ${HEAD}`]],
    ['two works', [`head ${HEAD}`, `work ${WORK}`, `work ${WORK}`]],
    ['a short hash', ['head abc']],
    ['upper case', [`head ${'A'.repeat(40)}`]],
    ['a SHA-256', [`head ${'a'.repeat(64)}`]],
    ['an unknown word', [`head ${HEAD}`, `delete ${HEAD} refs/heads/main`]],
    ['an empty line', [`head ${HEAD}`, '']],
    ['a carriage return', [`head ${HEAD}\r`]],
    ['more branches than are taken', [`head ${HEAD}`, ...Array(201).fill(`ref ${HEAD} refs/heads/a`)]],
  ])('are refused with %s', (_what, lines) => {
    expect(() => parse(...lines)).toThrowError(expect.objectContaining({ code: 'workspace.fetch_refused' }));
  });

  it('may arrive in any pieces, and what follows is the pack', async () => {
    const bytes = Buffer.from(`farhand 1\nhead ${HEAD}\npack\nPACK\npack\n\0\xff`, 'latin1');
    for (const step of [1, 7, 50, 1000]) {
      async function* pieces() {
        for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
      }
      const { consignment, pack } = await openConsignment(pieces());
      const rest: Buffer[] = [];
      for await (const piece of pack) rest.push(piece);
      expect(consignment.head).toBe(HEAD);
      expect(Buffer.concat(rest).toString('latin1')).toBe('PACK\npack\n\0\xff');
    }
  });
});
