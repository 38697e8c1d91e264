import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BARE } from './bare-sandbox.ts';
import type { Bypass } from './bypasses.ts';

/** What each text finds in its folder. */
const TEMPLATE = String.raw`
mkdir -p w/bin w/sub && cd w
for name in a.js a.txt; do echo 1 > $name; done
printf 'b\na\n' > a.txt; echo x > keep; echo keep > list; echo t > tracked; echo k > sub/keep
echo pwn > script.sh; chmod +x script.sh
for name in bin/ls bin/pwn bin/git; do printf '#!/bin/sh\nexec /run/stubs/pwn\n' > $name; chmod +x $name; done
echo 'import os; os.system("pwn")' > x.py
echo 'system("pwn")' > x.pl
echo 'require("child_process").execFileSync("pwn")' > x.cjs
echo 'import c from "node:child_process"; c.execFileSync("pwn")' > x.mjs
printf 'x:\n\tpwn\n' > x.mk; cp x.mk sub/Makefile
echo 'BEGIN{system("pwn")}' > prog.awk; echo '1e pwn' > prog.sed
printf 'Host x\nProxyCommand pwn\n' > x.conf
ln -s .. up; ln -s . link
git init -q --template= . && git add tracked && git -c user.name=a -c user.email=b commit -qm x && echo u >> tracked
git config user.name a; git config user.email b
`;
/** Runs every text in a folder of its own, and tells which of them did what they say. */
const DRIVER = String.raw`
export HOME=/run/home PATH=/run/stubs:$PATH TERM=xterm
mkdir -p /run/home /run/template && cd /run/template && sh /run/texts/template >/dev/null
for file in /run/texts/[0-9]*; do
  name=$(basename $file); where=/run/at/$name
  mkdir -p $where && cp -a /run/template/w $where/w && cd $where/w
  text=$(cat $file; echo .); text=$(printf %s "$text"); text=${'$'}{text%.}
  rm -f /run/pwned
  timeout 4 setsid bash -c "$text" </dev/null >/dev/null 2>&1
  for round in 1 2 3 4 5 6; do
    { [ -e /run/pwned ] && echo "$name pwn"; [ "$(cat $where/w/keep 2>/dev/null)" = x ] || echo "$name lost"; [ -e $where/outside ] && echo "$name outside"; } > /run/found
    grep -q . /run/found && break
    sleep 0.02
  done
  cat /run/found
  cd /; rm -rf $where
done
`;

/** The texts that, run by bash in a sandbox without a network, show their proof. Needs bubblewrap. */
export function provenOf(bypasses: readonly Bypass[]): ReadonlySet<Bypass> {
  const folder = mkdtempSync(join(tmpdir(), 'farhand-proofs-'));
  try {
    const texts = join(folder, 'texts');
    const stubs = join(folder, 'stubs');
    for (const path of [texts, stubs]) mkdirSync(path);
    bypasses.forEach(({ text }, index) => writeFileSync(join(texts, String(index)), text));
    writeFileSync(join(texts, 'template'), TEMPLATE);
    writeFileSync(join(stubs, 'pwn'), '#!/bin/sh\n: > /run/pwned\n', { mode: 0o755 });
    const own = ['--tmpfs', '/root', '--ro-bind', texts, '/run/texts', '--ro-bind', stubs, '/run/stubs'];
    const output = execFileSync('bwrap', [...BARE, ...own, 'bash', '-c', DRIVER], {
      encoding: 'utf8',
      maxBuffer: 16 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const found = new Set(output.split('\n'));
    return new Set(bypasses.filter(({ proof }, index) => found.has(`${index} ${proof}`)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
