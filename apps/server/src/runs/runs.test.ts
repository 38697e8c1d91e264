import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRunStore } from './run-store.ts';
import { BY_TOKEN, RunBench } from './testing/run-bench.ts';

let bench: RunBench;
beforeAll(async () => (bench = await RunBench.start()));
afterAll(() => bench.stop());
beforeEach(() => {
  bench.rule = null;
});

const file = (name: string) => join(bench.sshd.home, name);
// One that ended and was not waited for is still listed.
const isRunning = (pid: string) =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('a run on a host', { timeout: 60_000 }, () => {
  it('gives what was printed and how it ended, and leaves nothing there', async () => {
    const { id } = await bench.sh('pwd; echo problem >&2; exit 7');
    expect(await bench.over({ id })).toMatchObject({
      state: 'ended',
      exit: { kind: 'exited', code: 7 },
      out: `${bench.sshd.home}\n`,
      err: 'problem\n',
      by: { kind: 'cli' },
      approvalId: null,
    });
    await expect.poll(async () => (await bench.bench.runtime.jobs.list()).length).toBe(0);
    expect(bench.runs.list(1)[0]?.id).toBe(id);
  });

  it('tells the signal, a program that is missing, and a folder that is', async () => {
    expect(await bench.over(await bench.sh('kill -9 $$'))).toMatchObject({
      exit: { kind: 'signaled', signal: 'SIGKILL' },
    });
    expect(await bench.over(await bench.start({ argv: ['no-such-program'] }))).toMatchObject({
      exit: { kind: 'exited', code: 127 },
    });
    expect(await bench.over(await bench.start({ argv: ['true'], cwd: '/no/such' }))).toMatchObject({
      state: 'failed',
      error: { code: 'file.not_found' },
    });
  });

  it('begins in the folder that is asked for, from the home folder where it is none', async () => {
    expect(await bench.over(await bench.start({ argv: ['pwd'], cwd: '/usr' }))).toMatchObject({
      out: '/usr\n',
    });
    expect(await bench.over(await bench.start({ argv: ['pwd'], cwd: '~/.farhand' }))).toMatchObject({
      out: `${bench.sshd.home}/.farhand\n`,
    });
  });

  it('keeps the first mebibyte of each stream, and shows what comes while it runs', async () => {
    const { id } = await bench.sh(
      'echo one; until [ -e go ]; do sleep 0.02; done; head -c 1500000 /dev/zero',
    );
    const first = await bench.runs.get(id, 20_000, undefined, { stdout: 0, stderr: 0, state: 'running' });
    expect(Buffer.from(first.output.stdout, 'base64').toString()).toBe('one\n');
    expect(first.run.state).toBe('running');
    await bench.bench.runtime.files.write(file('go'), new Uint8Array());
    const { out, truncated } = await bench.over({ id });
    expect([out.length, truncated]).toEqual([1024 * 1024, true]);
    const rest = await bench.runs.get(id, 0, undefined, { stdout: 1024 * 1024 - 3, stderr: 0, state: null });
    expect(Buffer.from(rest.output.stdout, 'base64')).toHaveLength(3);
  });

  it('gets no secrets, and what hosts’ secrets print is covered', async () => {
    bench.bench.secrets.set({ kind: 'global' }, 'CANARY', 'canary-run-5521');
    const run = await bench.over(await bench.sh('echo "[$CANARY]" canary-run-5521'));
    expect(run.out).toBe('[] [secret CANARY]\n');
    expect(JSON.stringify(run)).not.toContain('canary-run-5521');
    expect(JSON.stringify(bench.runs.list(500))).not.toContain('canary-run-5521');
  });

  it('is ended by a cancel, with all that it started', async () => {
    const { id } = await bench.sh('sleep 7711 & echo $! >sleeper; wait');
    await expect
      .poll(() => existsSync(file('sleeper')) && readFileSync(file('sleeper'), 'utf8'))
      .toMatch(/\d/);
    await bench.runs.cancel(id);
    expect(await bench.over({ id })).toMatchObject({ state: 'cancelled', error: { code: 'run.cancelled' } });
    const pid = readFileSync(file('sleeper'), 'utf8').trim();
    await expect.poll(() => isRunning(pid)).toBe(false);
    await bench.runs.cancel(id);
  });

  it('goes on over a cut connection, and is started once', async () => {
    const { id } = await bench.sh('echo x >>count; until [ -e cut ]; do sleep 0.02; done; cat count');
    await expect.poll(() => existsSync(file('count'))).toBe(true);
    bench.sshd.killConnections();
    writeFileSync(file('cut'), '');
    expect(await bench.over({ id })).toMatchObject({ state: 'ended', out: 'x\n' });
  });

  it('is refused at once where it cannot be', async () => {
    await expect(bench.start({ argv: ['a\0b'] })).rejects.toThrow(code('request.invalid'));
    await expect(
      bench.start({ argv: ['true'], host: 'local', workspaceId: newId('workspace') }),
    ).rejects.toThrow(code('request.invalid'));
    await expect(bench.start({ argv: ['true'], workspaceId: newId('workspace') })).rejects.toThrow(
      code('workspace.not_found'),
    );
    await expect(bench.start({ argv: ['true'], profile: 'readonly' })).rejects.toThrow('no sandbox');
    await expect(bench.runs.get(newId('run'), 0)).rejects.toThrow(code('run.not_found'));
  });
});

describe('a run and the policy', { timeout: 60_000 }, () => {
  it('of a person asks only where a rule says so', async () => {
    bench.rule = (command) =>
      command.startsWith('touch')
        ? { kind: 'ask', why: 'Your rule.', rule: 'touching' }
        : command.startsWith('rm')
          ? { kind: 'denied', why: 'Never remove.', rule: 'no-rm' }
          : null;
    const denied = await bench.start({ argv: ['rm', 'x y'] });
    expect(denied).toMatchObject({ state: 'denied', error: { code: 'run.denied' } });
    expect(denied.error?.message).toContain('Never remove.');
    const asking = await bench.start({ argv: ['touch', 'asked-file'] });
    expect(asking).toMatchObject({ state: 'asking', approvalId: bench.question().id });
    expect(existsSync(file('asked-file'))).toBe(false);
    bench.answer('allow');
    expect(await bench.over(asking)).toMatchObject({ state: 'ended', exit: { code: 0 } });
    expect(existsSync(file('asked-file'))).toBe(true);
  });

  it('of a token asks for everything on a host, and shows exactly what runs', async () => {
    const asking = await bench.start({ argv: ['printf', '%s|', 'a b', "it's", '$HOME'] }, BY_TOKEN);
    expect(bench.question()).toMatchObject({
      by: BY_TOKEN,
      hostId: bench.hostId,
      workspaceId: null,
      subject: { kind: 'command', command: "printf '%s|' 'a b' 'it'\\''s' '$HOME'" },
    });
    bench.answer('allow');
    expect(await bench.over(asking)).toMatchObject({ out: "a b|it's|$HOME|" });
    const started = bench.audit.entries.filter(({ kind }) => kind === 'command').at(-1);
    expect(started).toMatchObject({
      actor: BY_TOKEN,
      hostId: bench.hostId,
      workspaceId: null,
      facts: {
        argv: ['printf', '%s|', 'a b', "it's", '$HOME'],
        approvalId: asking.approvalId,
        sandbox: 'none',
      },
    });
    expect(bench.audit.entries.at(-1)).toMatchObject({ kind: 'exit', actor: BY_TOKEN });
  });

  it('is over when it is denied, or withdrawn', async () => {
    const first = await bench.sh('touch denied-file', BY_TOKEN);
    bench.answer('deny');
    expect(await bench.over(first)).toMatchObject({ state: 'denied', exit: null });
    const second = await bench.sh('touch denied-file', BY_TOKEN);
    await bench.runs.cancel(second.id);
    expect(await bench.over(second)).toMatchObject({ state: 'cancelled', error: { code: 'run.cancelled' } });
    expect(bench.server.approvals.open()).toEqual([]);
    expect(existsSync(file('denied-file'))).toBe(false);
  });

  it('does not start where its record cannot be written', async () => {
    const { record } = bench.audit;
    bench.audit.record = (entry) => {
      if (entry.kind === 'command') throw new Error('disk full');
      return record(entry);
    };
    try {
      const run = await bench.over(await bench.restartedSh('touch unrecorded-file'));
      expect(run.state).toBe('failed');
      expect(existsSync(file('unrecorded-file'))).toBe(false);
    } finally {
      bench.audit.record = record;
      bench.restart();
    }
  });
});

describe('a run and a server that ends', { timeout: 60_000 }, () => {
  it('waits for its answer after a restart, and takes the one that came in between', async () => {
    const asking = await bench.sh('echo y >>answered', BY_TOKEN);
    bench.restart();
    bench.answer('allow');
    expect(await bench.over(asking)).toMatchObject({ state: 'ended' });
    const second = await bench.sh('echo y >>answered', BY_TOKEN);
    const question = bench.question();
    // Killed between the answer and the start: the answer is stored, and nothing else.
    const other = bench.connect();
    bench.server.close();
    bench.answer('allow', question, other);
    other.close();
    bench.restart();
    expect(await bench.over(second)).toMatchObject({ state: 'ended' });
    expect(readFileSync(file('answered'), 'utf8')).toBe('y\ny\n');
  });

  it.each(['running', 'ended'])('waits for a store that does not take that it is %s', async (state) => {
    const asking = await bench.sh(`echo x >>stored-${state}`, BY_TOKEN);
    const { db } = bench.bench;
    db.run(
      sql.raw(`CREATE TRIGGER full BEFORE UPDATE ON runs WHEN json_extract(new.run, '$.state') = '${state}'
        BEGIN SELECT RAISE(ABORT, 'no room'); END`),
    );
    bench.answer('allow');
    await expect.poll(() => bench.warned).toContain('run.not_stored');
    bench.warned.length = 0;
    expect(bench.runs.find(asking.id).state).toBe(state === 'running' ? 'asking' : 'running');
    db.run(sql.raw('DROP TRIGGER full'));
    expect(await bench.over(asking)).toMatchObject({ state: 'ended' });
    expect(readFileSync(file(`stored-${state}`), 'utf8')).toBe('x\n');
  });

  it('is taken up, whatever keeps another one from being asked', async () => {
    const first = await bench.sh('true', BY_TOKEN);
    const second = await bench.sh('echo v >>taken-up', BY_TOKEN);
    const question = bench.server.approvals.open().find(({ id }) => id === second.approvalId);
    const other = bench.connect();
    bench.server.close();
    bench.answer('allow', question, other);
    other.close();
    bench.rule = (command) => {
      if (command.includes('true')) throw new Error('disk full');
      return null;
    };
    bench.restart();
    bench.rule = null;
    expect(await bench.over(first)).toMatchObject({ state: 'failed' });
    expect(await bench.over(second)).toMatchObject({ state: 'ended' });
  });

  it('is followed on, with all that it printed, and never started again', async () => {
    const { id } = await bench.sh(
      'echo z >>twice; echo before; until [ -e on ]; do sleep 0.02; done; echo after',
    );
    await expect.poll(() => existsSync(file('twice'))).toBe(true);
    bench.restart();
    bench.restart();
    await bench.bench.runtime.files.write(file('on'), new Uint8Array());
    expect(await bench.over({ id })).toMatchObject({ state: 'ended', out: 'before\nafter\n' });
    expect(readFileSync(file('twice'), 'utf8')).toBe('z\n');
  });

  it('is lost, not run again, where the host has forgotten it', async () => {
    const { id } = await bench.sh('echo w >>lost; sleep 7712');
    await expect.poll(() => existsSync(file('lost'))).toBe(true);
    const { get } = createRunStore(bench.bench.db);
    await expect.poll(() => get(id)?.plan.startedAtMs).toEqual(expect.any(Number));
    bench.server.close();
    for (const job of await bench.bench.runtime.jobs.list()) await bench.bench.runtime.jobs.remove(job.id);
    bench.restart();
    expect(await bench.over({ id })).toMatchObject({ state: 'failed', error: { code: 'run.lost' } });
    expect(readFileSync(file('lost'), 'utf8')).toBe('w\n');
  });
});

describe('a run in a workspace', { timeout: 60_000 }, () => {
  it('has the folder and the secrets of its project, and is judged as an agent’s command for a token', async () => {
    const shop = bench.bench.repository();
    shop.importFiles([{ file: 'a.txt', text: 'a\n' }]);
    const { id: projectId } = await bench.bench.projects.add(shop.path);
    bench.bench.secrets.set({ kind: 'project', projectId }, 'TOKEN', 'canary-ws-9917');
    const { id: workspaceId, directory } = await bench.bench.make({ projectId });
    const run = await bench.over(
      await bench.start({
        argv: ['sh', '-c', 'pwd; echo "$TOKEN"; printf %s "$TOKEN" | wc -c'],
        workspaceId,
      }),
    );
    expect(run.out).toBe(`${directory}\n[secret TOKEN]\n14\n`);
    expect(await bench.over(await bench.start({ argv: ['ls'], workspaceId }, BY_TOKEN))).toMatchObject({
      state: 'ended',
    });
    await expect(bench.start({ argv: ['ls'], workspaceId, profile: 'unknown' })).rejects.toThrow(
      'no sandbox',
    );
    const asking = await bench.start({ argv: ['curl', 'http://x'], workspaceId }, BY_TOKEN);
    expect(bench.question()).toMatchObject({ workspaceId, title: 'Run curl http://x' });
    bench.answer('deny');
    expect(await bench.over(asking)).toMatchObject({ state: 'denied' });
  });
});
