import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { BYPASSES } from './testing/bypasses.ts';
import { judging, kindOf } from './testing/judging.ts';
import { provenOf } from './testing/proof-run.ts';

/** Rules as persons write them when they want to be asked less. Each program is meant, and nothing that it can be made to run. */
const GENEROUS = [
  'ls cat echo head tail grep rg find sort uniq wc tee touch true test cd diff cp mkdir',
  'git npm pnpm yarn make tar sed awk curl node python3 perl env timeout time nice command xargs bash sh rsync ssh',
  '[ printf wait exit shift ulimit compgen man wget zip docker-compose docker podman kubectl helm systemctl apt-get go',
  'cargo sudo doas chroot unshare script ed sftp psql sqlite3 mysql gdb',
]
  .join(' ')
  .split(' ')
  .concat(
    'git grep,git submodule,git bisect,git config,git clone,git rebase,git difftool,docker compose,docker run'.split(
      ',',
    ),
    'podman compose,docker container,docker image,podman run,kubectl get,sed -n,curl -s,npm run,ssh x'.split(
      ',',
    ),
  )
  .map((program) => `[[rules]]\nname = "${program}"\neffect = "allow"\nmatch = "${program} *"\n`);

/** Tricks whose own program is the one that such a rule allows for any place: it is then no trick. */
const BY_PLACE = /^(what is written elsewhere|what removes|the network|what needs more)/;

const judge = await judging();

describe('a bypass', () => {
  const plain = judge();
  it(`is never allowed by the default policy, in any of ${BYPASSES.length} forms`, () => {
    expect(BYPASSES.length).toBeGreaterThan(900);
    expect(BYPASSES.filter(({ text }) => kindOf(plain, text) !== 'ask')).toEqual([]);
    expect(BYPASSES.filter(({ text }) => kindOf(plain, text, 'ask_writes') !== 'ask')).toEqual([]);
  });

  it('does not ride on rules that allow a program', () => {
    const generous = judge(GENEROUS.join('\n'));
    const ridden = BYPASSES.filter(
      ({ trick, text }) => !BY_PLACE.test(trick) && kindOf(generous, text) !== 'ask',
    );
    expect(ridden).toEqual([]);
  });

  it.each(GENEROUS)('does not ride on one such rule: %j', (rule) => {
    const one = judge(rule);
    expect(
      BYPASSES.filter(({ trick, text }) => !BY_PLACE.test(trick) && kindOf(one, text) !== 'ask'),
    ).toEqual([]);
  });

  it('is denied or asked where a rule denies the program, also under the policy that never asks', () => {
    // Scripts are not read, and a program of a folder is not the one of that name.
    const denying = judge('[[rules]]\nname = "no"\neffect = "deny"\nmatch = ["pwn", "pwn **", "rm **"]\n');
    const silent = BYPASSES.filter(
      ({ proof, text }) =>
        proof === 'pwn' &&
        /\bpwn\b/.test(text) &&
        !/x\.sh|bin\/pwn/.test(text) &&
        kindOf(denying, text, 'never') === 'allowed',
    );
    expect(silent.map(({ text }) => text)).toEqual([]);
  });
});

describe('the tricks', () => {
  it('are real: bash does what each one is said to do', () => {
    const shown = BYPASSES.filter(({ proof, text }) => proof !== 'none' && isHere(text));
    expect(shown.length).toBeGreaterThan(500);
    const proven = provenOf(shown);
    expect(shown.filter((one) => !proven.has(one))).toEqual([]);
  }, 240_000);
});

/** Programs that not every machine has. */
const OPTIONAL =
  'python3 perl make mawk rsync setarch linux64 taskset chrt prlimit script split flock cpio zip vim';
const MISSING = OPTIONAL.split(' ').filter((name) => !has(name));

function has(name: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const isHere = (text: string) => !MISSING.some((name) => text.includes(name));
