import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listenerPid } from './testing/listener-pid.ts';
import { OperationBench } from './testing/operation-bench.ts';

const CONFIG = `
[operations.say]
description = "Say a word"
host = "$HOST"
argv = ["sh", "-c", "echo \\"out:$0\\"; echo \\"err:$0\\" >&2; echo \\"$0\\" >>said; exit 9", "{word}"]
ask = false
parameters.word = { type = "string" }

[operations.deploy]
host = "workspace"
argv = ["sh", "-c", "pwd; echo \\"$0 $STAGE\\" >>deployed", "{ref}"]
environment = { STAGE = "{stage}" }
parameters.ref = { type = "ref" }
parameters.stage = { type = "choice", choices = ["test", "live"], default = "test" }

[operations.slow]
host = "$HOST"
argv = ["sleep", "7713"]
ask = false
timeout = 1

[operations.wait]
host = "$HOST"
argv = ["sh", "-c", "echo x >>waited; until [ -e go-on ]; do sleep 0.05; done; echo went on"]
ask = false

[operations.theirs]
host = "$HOST"
argv = ["true"]
agents = ["claude"]

[operations.elsewhere]
host = "$HOST"
argv = ["true"]
parameters = {}
environment = { NOTE = "a b" }

[operations.broken]
host = "$HOST"
argv = ["true", "{nothing}"]
`;

let bench: OperationBench;
let shop: Workspace & { directory: string };
beforeAll(async () => {
  bench = await OperationBench.start();
  bench.define(CONFIG);
  shop = await bench.makeWorkspace('one');
}, 60_000);
afterAll(() => bench.stop());

const file = (name: string) => join(bench.sshd.home, name);
const spool = (...names: string[]) => file(join('.farhand/operations', shop.id, ...names));
/** What the listener of the workspace has printed so far. */
function listenerOutput(): string {
  const jobs = file('.farhand/jobs');
  const outs = readdirSync(jobs, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(^|\/)out/.test(name),
  );
  const texts = outs.map((name) => {
    try {
      return readFileSync(join(jobs, name), 'utf8');
    } catch {
      return '';
    }
  });
  return texts.filter((text) => text.includes(` ${bench.sessions.at(-1)?.id}.`)).join('');
}
const asked = () => bench.server.approvals.open();

describe('farhand-op', { timeout: 60_000 }, () => {
  it('runs an operation on the named host, and ends as it ended', async () => {
    const session = bench.session(shop);
    const { status, out, err } = await bench.run(shop, session, `farhand-op say --word "it's é"`);
    expect([status, out, err]).toEqual([9, "out:it's é\n", "err:it's é\n"]);
    expect(bench.runs.list(1)[0]).toMatchObject({
      operation: 'say',
      by: { kind: 'agent', name: 'codex' },
      sessionId: session,
      workspaceId: null,
      hostId: bench.hostId,
    });
    // Its answer was taken: nothing of it is left.
    await expect.poll(() => readdirSync(spool(session, 'replies'))).toEqual([]);
    expect(readdirSync(spool(session, 'requests'))).toEqual([]);
  });

  it('tells what there is for this agent, and what it takes', async () => {
    const list = await bench.run(shop, bench.session(shop), 'farhand-op --list; farhand-op --help deploy');
    expect(list.out).toContain('say --word <word>  Say a word\n');
    expect(list.out).toContain('Usage: farhand-op deploy --ref <ref> [--stage <stage>]');
    expect(list.out).not.toContain('theirs');
    expect(list.out).not.toContain('broken');
    const other = await bench.run(shop, bench.session(shop, 'claude'), 'farhand-op');
    expect(other.out).toContain('theirs');
  });

  it.each([
    ['farhand-op nothing', 64, 'no such operation'],
    ['farhand-op theirs', 64, 'no such operation'],
    ['farhand-op broken', 64, 'no such operation'],
    ['farhand-op say', 64, 'word of say has to be given'],
    ['farhand-op say --word -rf', 64, 'begins with “-”'],
    [`farhand-op say word="$(printf 'a\\nb')"`, 64, 'line break'],
    ['farhand-op say --word a --evil b', 64, 'has no parameter'],
    ['farhand-op say word', 64, 'is no parameter'],
    ['farhand-op deploy --ref main --stage prod', 64, 'is none of'],
    ['farhand-op say word="$(printf \'\\377\')"', 64, 'not text'],
    ['farhand-op say word="$(head -c 50000 /dev/zero | tr "\\0" a)"', 64, 'more than can be asked'],
    ['FARHAND_OP_TOKEN=x; farhand-op say word=a', 77, 'token'],
    ['unset FARHAND_OP_TOKEN; farhand-op say word=a', 69, 'cannot ask'],
  ])('refuses %s', async (script, status, why) => {
    const said = existsSync(file('said')) ? readFileSync(file('said'), 'utf8') : '';
    const ended = await bench.run(shop, bench.session(shop), script);
    expect([ended.status, ended.out]).toEqual([status, '']);
    expect(ended.err).toContain(why);
    expect(existsSync(file('said')) ? readFileSync(file('said'), 'utf8') : '').toBe(said);
  });

  it('asks first, and shows exactly what would run, where, and who asks', async () => {
    const session = bench.session(shop);
    const { ended } = await bench.begin(shop, session, 'farhand-op deploy --ref v1.2 stage=live');
    await expect.poll(asked).toHaveLength(1);
    expect(bench.question()).toMatchObject({
      sessionId: session,
      workspaceId: shop.id,
      agent: null,
      by: { kind: 'agent', name: 'codex' },
      hostId: bench.hostId,
      title: expect.stringContaining('Operation deploy: sh -c'),
      cwd: shop.directory,
      subject: { kind: 'command', command: expect.stringMatching(/^STAGE=live sh -c .*' v1\.2$/) },
      canAllowSession: false,
      pattern: null,
    });
    expect(existsSync(join(shop.directory, 'deployed'))).toBe(false);
    bench.answer('allow');
    expect(await ended).toEqual({ status: 0, out: `${shop.directory}\n`, err: '' });
    expect(readFileSync(join(shop.directory, 'deployed'), 'utf8')).toBe('v1.2 live\n');
    const denied = await bench.begin(shop, session, 'farhand-op deploy --ref v2');
    await expect.poll(asked).toHaveLength(1);
    bench.answer('deny');
    expect(await denied.ended).toEqual({
      status: 126,
      out: '',
      err: 'farhand-op: The command was denied.\n',
    });
  });

  it('goes on asking where it is said again, though the operation is another by then', async () => {
    const session = bench.session(shop);
    const script = `
      hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \\n'; }
      cd "$FARHAND_OP_FOLDER"
      leave() {
        printf '%s x%s x%s\\n' "$FARHAND_OP_TOKEN" "$(hex deploy)" "$(hex ref=twice)" >requests/.r
        mv requests/.r requests/q00000000000000000009; printf '\\n%s\\n' "\${FARHAND_OP_FOLDER##*/}" 1<>../wake
        while [ -e requests/q00000000000000000009 ]; do sleep 0.05; done
      }
      leave; until [ -e "$OLDPWD/again" ]; do sleep 0.05; done
      leave; : >"$OLDPWD/said-again"
      until [ -e replies/00000000000000000009 ]; do sleep 0.05; done
      cat replies/00000000000000000009.out`;
    const { ended } = await bench.begin(shop, session, script);
    await expect.poll(asked).toHaveLength(1);
    bench.define(CONFIG.replace('[operations.deploy]', '[operations.another]'));
    writeFileSync(join(shop.directory, 'again'), '');
    await expect.poll(() => existsSync(join(shop.directory, 'said-again'))).toBe(true);
    // What follows was read after it.
    await bench.run(shop, session, 'farhand-op say word=next');
    bench.answer('allow');
    expect(await ended).toMatchObject({ out: `${shop.directory}\n` });
    bench.define(CONFIG);
  });

  it('shows the folder where commands on the host begin, and variables as a shell reads them', async () => {
    bench.restartAll({ hostDirectory: () => '/srv' });
    const stop = await bench.begin(shop, bench.session(shop), 'farhand-op elsewhere');
    await expect.poll(asked).toHaveLength(1);
    expect(bench.question()).toMatchObject({
      workspaceId: shop.id,
      cwd: '/srv',
      subject: { kind: 'command', command: "NOTE='a b' true" },
    });
    bench.answer('deny');
    expect(await stop.ended).toMatchObject({ status: 126 });
    bench.restartAll();
  });

  it('withdraws what it asked when it is ended, and ends what runs', async () => {
    const asking = await bench.begin(shop, bench.session(shop), 'exec farhand-op deploy ref=v3');
    await expect.poll(asked).toHaveLength(1);
    await asking.signal('SIGTERM');
    expect(await asking.ended).toMatchObject({ status: 143 });
    await expect.poll(asked).toHaveLength(0);
    const running = await bench.begin(shop, bench.session(shop), 'exec farhand-op wait');
    await expect.poll(() => existsSync(file('waited'))).toBe(true);
    await running.signal('SIGINT');
    expect(await running.ended).toMatchObject({ status: 130 });
    await expect.poll(() => bench.runs.list(1)[0]?.state).toBe('cancelled');
  });

  it('is ended after its time', async () => {
    const { status, err } = await bench.run(shop, bench.session(shop), 'farhand-op slow');
    expect([status, err]).toEqual([143, 'farhand-op: The command took longer than it may.\n']);
  });

  it('serves several at once, each with its own answer, and a terminal too', async () => {
    const words = Array.from({ length: 6 }, (_, index) => `w${index}`);
    const ends = await Promise.all(
      words.map((word, index) =>
        bench.run(shop, index === 5 ? null : bench.session(shop), `farhand-op say word=${word}`),
      ),
    );
    expect(ends.map(({ out }) => out)).toEqual(words.map((word) => `out:${word}\n`));
    expect(bench.runs.list(6).map(({ by }) => by.name)).toContain('terminal');
  });

  it('is not there for what no operation is defined for', async () => {
    bench.define('[operations.theirs]\nhost = "$HOST"\nargv = ["true"]\nagents = ["claude"]');
    expect(
      await bench.run(shop, bench.session(shop), 'command -v farhand-op; echo "$FARHAND_OP_TOKEN."'),
    ).toMatchObject({
      out: '.\n',
    });
    bench.define(CONFIG);
  });
});

describe('what agents leave in the folder', { timeout: 60_000 }, () => {
  it('is for its own workspace and session alone', async () => {
    const other = await bench.makeWorkspace('two');
    const [mine, theirs] = [bench.session(shop), bench.session(other)];
    const { out: token } = await bench.run(other, theirs, 'printf %s "$FARHAND_OP_TOKEN"');
    const stolen = await bench.run(shop, mine, `FARHAND_OP_TOKEN=${token} farhand-op say word=stolen`);
    expect(stolen).toMatchObject({ status: 77 });
    const { out: own } = await bench.run(shop, mine, 'printf %s "$FARHAND_OP_TOKEN"');
    expect(own).toContain(mine);
    // Of one workspace, too: neither from the other's own folder, nor from another's.
    const beside = bench.session(shop);
    const taken = await bench.run(shop, beside, `FARHAND_OP_TOKEN=${own} farhand-op say word=stolen`);
    expect(taken).toMatchObject({ status: 77 });
    const there = `FARHAND_OP_FOLDER=\${FARHAND_OP_FOLDER%/*}/${mine} farhand-op say word=stolen`;
    expect(await bench.run(shop, beside, there)).toMatchObject({ status: 77 });
    // The session was deleted: what still runs of it asks in vain.
    bench.sessions.splice(
      bench.sessions.findIndex(({ id }) => id === mine),
      1,
    );
    const gone = `FARHAND_OP_FOLDER=\${FARHAND_OP_FOLDER%/*}/${mine} FARHAND_OP_TOKEN=${own}`;
    const late = await bench.run(shop, bench.session(shop), `${gone} farhand-op say word=late`);
    expect(late).toMatchObject({ status: 77, out: '' });
    expect(readFileSync(file('said'), 'utf8')).not.toMatch(/stolen|late/);
  });

  it('is taken once, however often it is left', async () => {
    const session = bench.session(shop);
    const script = `
      hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \\n'; }
      cd "$FARHAND_OP_FOLDER"
      for round in 1 2 3; do
        printf '%s x%s x%s\\n' "$FARHAND_OP_TOKEN" "$(hex say)" "$(hex word=replayed)" >requests/.r
        mv requests/.r requests/q00000000000000000001; printf '\\n%s\\n' "\${FARHAND_OP_FOLDER##*/}" 1<>../wake
        while [ -e requests/q00000000000000000001 ]; do sleep 0.05; done
      done
      while [ ! -e replies/00000000000000000001 ]; do sleep 0.05; done
      cat replies/00000000000000000001`;
    expect(await bench.run(shop, session, script)).toMatchObject({ out: '9\n' });
    // Whatever follows was read after all of it.
    await bench.run(shop, session, 'farhand-op say word=after');
    expect(readFileSync(file('said'), 'utf8').match(/replayed/g)).toHaveLength(1);
  });

  it('leads nowhere: links, folders, pipes and noise are not read, and others are heard after them', async () => {
    writeFileSync(file('private'), 'canary-private-8841');
    const before = bench.runs.list(500).length;
    const session = bench.session(shop);
    await bench.run(shop, session, 'true');
    symlinkSync(file('private'), spool(session, 'requests', 'q00000000000000000002'));
    const script = `
      cd "$FARHAND_OP_FOLDER/requests"
      mkdir -p q00000000000000000003/deep
      mkfifo q00000000000000000004
      printf 'q$(id)' >"q;id;"
      head -c 300000 /dev/urandom >q00000000000000000005
      printf '%s x00zz ../../x' "$FARHAND_OP_TOKEN" >q00000000000000000006
      printf '../../../x' >c00000000000000000007
      farhand-op say word=heard`;
    expect(await bench.run(shop, session, script)).toMatchObject({ out: 'out:heard\n' });
    expect(readFileSync(file('private'), 'utf8')).toBe('canary-private-8841');
    expect(bench.runs.list(500)).toHaveLength(before + 1);
    // What is no request stays where it is.
    const noise = ['q00000000000000000002', 'q00000000000000000003', 'q00000000000000000004', 'q;id;'];
    await expect.poll(() => readdirSync(spool(session, 'requests')).toSorted()).toEqual(noise);
    await expect.poll(() => readdirSync(spool('taken'))).toEqual([]);
    const jobs = await bench.bench.runtime.jobs.list(shop.id);
    for (const { id } of jobs) {
      const { bytes } = await bench.bench.runtime.jobs.read(id, 'out', 0);
      expect(Buffer.from(bytes).toString()).not.toContain('canary-private');
    }
  });

  it('is heard again after the listener was killed', async () => {
    const session = bench.session(shop);
    process.kill(listenerPid(spool()), 'SIGKILL');
    expect(await bench.run(shop, session, 'farhand-op say word=again')).toMatchObject({ out: 'out:again\n' });
  });
});

describe('a store that refuses', { timeout: 60_000 }, () => {
  it('keeps the listener that is there, and goes on hearing it', async () => {
    const session = bench.session(shop);
    const { db } = bench.bench;
    expect(await bench.run(shop, session, 'farhand-op say word=one')).toMatchObject({ out: 'out:one\n' });
    const before = listenerPid(spool());
    db.run(
      sql.raw(`CREATE TRIGGER full BEFORE UPDATE ON operation_listeners
        BEGIN SELECT RAISE(ABORT, 'no room'); END`),
    );
    const { ended } = await bench.begin(shop, session, 'farhand-op say word=full');
    const failures = () => bench.warned.filter((event) => event === 'operation_listener.failed');
    await expect.poll(() => failures().length, { timeout: 10_000 }).toBeGreaterThan(1);
    db.run(sql.raw('DROP TRIGGER full'));
    expect(await ended).toMatchObject({ out: 'out:full\n' });
    expect(await bench.run(shop, session, 'farhand-op say word=room')).toMatchObject({ out: 'out:room\n' });
    const jobs = await bench.bench.runtime.jobs.list(shop.id);
    expect(jobs.filter(({ status }) => status.state === 'running')).toHaveLength(1);
    expect(listenerPid(spool())).toBe(before);
    expect(readFileSync(file('said'), 'utf8').match(/^full$/gm)).toHaveLength(1);
  });
});

describe('a server that ends, and a connection that is cut', { timeout: 60_000 }, () => {
  it('between request and approval, approval and start, start and answer: nothing runs twice, nothing is lost', async () => {
    const session = bench.session(shop);
    const first = await bench.begin(shop, session, 'farhand-op deploy ref=restarted');
    await expect.poll(asked).toHaveLength(1);
    bench.restartAll();
    const question = bench.question();
    // Answered while the server that would start it is gone.
    bench.operations.close();
    bench.server.close();
    const other = bench.connect();
    bench.answer('allow', question, other);
    other.close();
    bench.restartAll();
    expect(await first.ended).toMatchObject({ status: 0 });
    expect(readFileSync(join(shop.directory, 'deployed'), 'utf8').match(/restarted/g)).toHaveLength(1);

    writeFileSync(file('waited'), '');
    const second = await bench.begin(shop, session, 'farhand-op wait');
    await expect.poll(() => readFileSync(file('waited'), 'utf8')).toBe('x\n');
    bench.restartAll();
    bench.sshd.killConnections();
    writeFileSync(file('go-on'), '');
    expect(await second.ended).toEqual({ status: 0, out: 'went on\n', err: '' });
    expect(readFileSync(file('waited'), 'utf8')).toBe('x\n');
  });

  it('answers what was asked while no server was there', async () => {
    const session = bench.session(shop);
    const { ended } = await bench.begin(
      shop,
      session,
      'until [ -e asked-now ]; do sleep 0.05; done; farhand-op say word=nobody',
    );
    bench.operations.close();
    bench.server.close();
    writeFileSync(join(shop.directory, 'asked-now'), '');
    // The listener on the host took it, and printed it for whoever comes.
    await expect.poll(() => listenerOutput()).toMatch(/\nses_\S+ q[0-9a-f]{20} \d+ \S+ x\S+ \S+\n$/);
    bench.restartAll();
    expect(await ended).toMatchObject({ status: 9, out: 'out:nobody\n' });
    expect(readFileSync(file('said'), 'utf8').match(/nobody/g)).toHaveLength(1);
  });

  it('leaves nothing on the host once the workspace is deleted', async () => {
    const gone = await bench.makeWorkspace('three');
    expect(await bench.run(gone, bench.session(gone), 'farhand-op say word=last')).toMatchObject({
      status: 9,
    });
    const folder = file(join('.farhand/operations', gone.id));
    expect(existsSync(folder)).toBe(true);
    await bench.bench.workspaces.delete(gone.id, { force: true, forget: false });
    expect(existsSync(folder)).toBe(false);
    expect(await bench.bench.runtime.jobs.list(gone.id)).toEqual([]);
  });
});
