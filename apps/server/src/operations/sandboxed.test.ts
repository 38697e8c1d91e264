import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSshd } from '@farhand/shared/testing/sshd';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConfigFile } from '../config/config-file.ts';
import { createSandboxes } from '../sandbox/sandboxes.ts';
import { operationFolder } from './host/operation-folder.ts';
import { OperationBench } from './testing/operation-bench.ts';

const CONFIG = `
[operations.home]
host = "$HOST"
argv = ["sh", "-c", "ls -d \\"$HOME/.farhand/jobs\\"; echo \\"$0\\" >>\\"$HOME/outside\\"", "{word}"]
ask = false
parameters.word = {}

[sandbox.profiles.house]
extends = "offline"
read = ["~"]
`;

let bench: OperationBench;
let profile = 'offline';
beforeAll(async () => {
  bench = new OperationBench(await startSshd({ maxSessions: 2 }));
  bench.define(CONFIG);
  const config: Pick<ConfigFile, 'path' | 'read' | 'problem'> = bench.configFile;
  const runtimes = { for: () => bench.bench.runtime };
  bench.sandbox = createSandboxes({ config, runtimes, profileOf: () => profile, operationFolder }).layer;
}, 60_000);
afterAll(() => bench.stop());

describe('farhand-op in a sandbox without network', { timeout: 60_000 }, () => {
  it('asks from inside, while what it asks for runs outside', async () => {
    const shop = await bench.makeWorkspace('one');
    const session = bench.session(shop);
    const inside = await bench.run(
      shop,
      session,
      'touch "$HOME/../escaped" "$HOME/inside"; farhand-op home word=asked',
    );
    expect(inside).toMatchObject({ status: 0, out: `${bench.sshd.home}/.farhand/jobs\n` });
    expect(readFileSync(join(bench.sshd.home, 'outside'), 'utf8')).toBe('asked\n');
    expect(readdirSync(bench.sshd.home)).not.toContain('inside');
  });

  it('writes requests, and neither replies nor the program nor what another workspace asks', async () => {
    const [shop, other] = [await bench.makeWorkspace('two'), await bench.makeWorkspace('three')];
    await bench.run(other, bench.session(other), 'farhand-op home word=other');
    const { out } = await bench.run(
      shop,
      bench.session(shop),
      `cd "$FARHAND_OP_FOLDER"
       for name in requests/x replies/x ../bin/farhand-op x; do (: >>"$name") 2>/dev/null && echo "$name"; done
       ln -s "$HOME" replies/y 2>/dev/null && echo link
       mv requests elsewhere 2>/dev/null && echo moved
       rm -f ../wake 2>/dev/null && echo removed
       [ -e "../../${other.id}" ] && echo other
       true`,
    );
    expect(out).toBe('requests/x\n');
  });

  it('sees nothing of what another session of its workspace asks, and of its answers', async () => {
    const shop = await bench.makeWorkspace('seven');
    const [mine, theirs] = [bench.session(shop), bench.session(shop)];
    const left = `cd "$FARHAND_OP_FOLDER" && printf %s "$FARHAND_OP_TOKEN" >requests/.canary && pwd`;
    const { out: folder } = await bench.run(shop, mine, left);
    writeFileSync(join(folder.trim(), 'replies', 'canary'), 'canary-answer');
    const look = `find "$HOME/.farhand" 2>/dev/null | grep -e canary -e ${mine}
      grep -r -e ${mine} -e canary-answer "$HOME/.farhand" 2>/dev/null
      (: >"${folder.trim()}/requests/forged") 2>/dev/null && [ -e "${folder.trim()}/requests/forged" ] && echo written
      [ -n "$FARHAND_OP_TOKEN" ] && echo looked`;
    expect((await bench.run(shop, theirs, look)).out).toBe('looked\n');
    // A terminal has a part of its own, too.
    expect((await bench.run(shop, null, look)).out).toBe('looked\n');
    expect(readdirSync(join(folder.trim(), 'requests'))).toEqual(['.canary']);
    expect((await bench.run(shop, theirs, 'farhand-op home word=beside')).status).toBe(0);
  });

  it('asks from where the home folder is shown, and sees no more of it', async () => {
    profile = 'house';
    const shop = await bench.makeWorkspace('eight');
    const look = `farhand-op home word=shown; cd "$HOME/.farhand" && ls -A . operations
      (: >x) 2>/dev/null && echo written`;
    const { out } = await bench.run(shop, bench.session(shop), look);
    profile = 'offline';
    expect(out).toBe(
      `${bench.sshd.home}/.farhand/jobs\n.:\noperations\nworkspaces\n\noperations:\n${shop.id}\n`,
    );
  });

  it('serves many workspaces over a connection of two sessions', async () => {
    const refusals = () => bench.sshd.log().split('no more sessions').length;
    const before = refusals();
    const names = ['four', 'five', 'six'];
    const shops = await Promise.all(names.map((name) => bench.makeWorkspace(name)));
    const ends = await Promise.all(
      shops.flatMap((shop) =>
        [1, 2].map((at) => bench.run(shop, bench.session(shop), `farhand-op home word=w${at}`)),
      ),
    );
    expect(ends.map(({ status }) => status)).toEqual([0, 0, 0, 0, 0, 0]);
    // The limit is learned once, by the first connection.
    expect(refusals()).toBe(before);
    expect(readFileSync(join(bench.sshd.home, 'outside'), 'utf8').match(/w\d/g)).toHaveLength(6);
  });
});
