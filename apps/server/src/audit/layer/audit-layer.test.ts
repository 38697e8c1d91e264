import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalRuntime } from '@farhand/runtime-local/runtime';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostId } from '@farhand/shared/model/hosts';
import { type JobId, newId } from '@farhand/shared/model/ids';
import type { JobSpec, Runtime } from '@farhand/shared/runtime/port';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobUse } from '../../protection/job-use.ts';
import type { Protect } from '../../protection/protect.ts';
import { wrapRuntime } from '../../runtimes/wrapped-runtime.ts';
import { createRedactor } from '../../secrets/redactor.ts';
import type { Audit } from '../audit.ts';
import { type OpenedAudit, openTestAudit } from '../testing/open-audit.ts';
import { createAuditLayer } from './audit-layer.ts';

const CANARY = 'canary-audit-5521';
let covered = createRedactor({ TOKEN: CANARY });
const sessionId = newId('session');
const AGENT: JobUse = { kind: 'agent', sessionId, by: { kind: 'agent', name: 'codex' } };
const SERVER: JobUse = { kind: 'terminal', sessionId: null, by: { kind: 'server', name: null } };

let sshd: TestSshd;
let ssh: Runtime;
let local: Runtime;
let localHome: string;
beforeAll(async () => {
  sshd = await startSshd();
  const hostId = sshd.alias as HostId;
  ssh = createSshRuntime({ hostId, sshConfigPath: sshd.sshConfigPath });
  localHome = mkdtempSync(join(tmpdir(), 'farhand-audit-home-'));
  local = createLocalRuntime({ environment: { ...process.env, HOME: localHome } });
  await Promise.all([ssh.facts(), local.facts()]);
});
afterAll(async () => {
  await Promise.all([ssh.close(), local.close()]);
  await sshd.stop();
  rmSync(localHome, { recursive: true, force: true });
});

describe.each(['this machine', 'a real sshd'])(
  'what runs on %s is on record',
  { timeout: 60_000 },
  (where) => {
    let opened: OpenedAudit;
    let inner: Runtime;
    let directory: string;
    const workspaceId = newId('workspace');
    beforeEach(() => {
      opened = openTestAudit();
      inner = where === 'this machine' ? local : ssh;
      directory = where === 'this machine' ? localHome : sshd.home;
    });
    afterEach(() => opened.remove());

    // One for a server, however many uses it has.
    const layers = new WeakMap<Audit, Protect>();
    const layerOf = (audit: Audit): Protect => {
      const known = layers.get(audit);
      if (known) return known;
      const made = createAuditLayer({
        audit,
        redactor: () => covered,
        sandboxOf: () => 'offline',
      });
      layers.set(audit, made);
      return made;
    };
    const runtimeFor = (use: JobUse = AGENT, given: Runtime = inner) =>
      layerOf(opened.audit)(
        given,
        { workspaceId, projectId: newId('project'), hostId: inner.hostId, directory },
        use,
      );
    const events = () => opened.events();
    const specOf = (script: string, more: Partial<JobSpec> = {}): JobSpec => ({
      id: newId('job'),
      command: { script },
      cwd: directory,
      label: workspaceId,
      ...more,
    });
    const quiet = { onOutput() {} };

    it('a job, before it starts and when it has ended, with what it wrote', async () => {
      const allowedBy = { approvalId: 'apr_x', rule: 'allow make' };
      const spec = specOf(`echo out; echo err >&2; exit 3`, { allowedBy });
      await runtimeFor().jobs.attach(spec.id, { start: spec, ...quiet });
      const [command, exit] = await events();
      expect(command).toMatchObject({
        kind: 'command',
        actor: AGENT.by,
        hostId: inner.hostId,
        workspaceId,
        sessionId,
        summary: 'echo out; echo err >&2; exit 3',
        facts: {
          jobId: spec.id,
          script: 'echo out; echo err >&2; exit 3',
          cwd: directory,
          for: 'agent',
          sandbox: 'offline',
          ...allowedBy,
        },
      });
      expect(command?.facts.user).toBe((await inner.facts()).user);
      expect(exit).toMatchObject({
        kind: 'exit',
        facts: { command: 1, jobId: spec.id, end: 'exited', code: 3 },
      });
      expect((await opened.keptText(exit?.output))?.split('\n').toSorted()).toEqual(['', 'err', 'out']);
      expect(await opened.audit.verify()).toMatchObject({ isWhole: true, events: 2, outputs: 1 });
    });

    it('with the values of secrets covered, also across the borders of pieces', async () => {
      const half = CANARY.length / 2;
      const script = `printf ${CANARY.slice(0, half)}; sleep 0.3; printf ${CANARY.slice(half)}`;
      const spec = specOf('x', { command: { argv: ['sh', '-c', script, CANARY] } });
      await runtimeFor().jobs.attach(spec.id, { start: spec, ...quiet });
      await runtimeFor().exec({ argv: ['echo', CANARY] });
      const all = await events();
      expect(JSON.stringify(all)).not.toContain(CANARY);
      expect(await opened.keptText(all[1]?.output)).toBe('[secret TOKEN]');
      expect(await opened.keptText(all[3]?.output)).toBe('[secret TOKEN]\n');
    });

    it('a value that became a secret while the job ran', async () => {
      const spec = specOf('read -r line; echo "$line"', { input: true });
      const runtime = runtimeFor();
      await runtime.jobs.start(spec);
      const watched = runtime.jobs.attach(spec.id, quiet);
      const before = covered;
      covered = createRedactor({ LATE: 'late-canary-8812' });
      await runtime.jobs.write(spec.id, 0, Buffer.from('late-canary-8812\n'));
      await watched;
      covered = before;
      expect(await opened.keptText((await events())[1]?.output)).toBe('[secret LATE]\n');
    });

    it('each job once, however often it is started and watched', async () => {
      const spec = specOf('echo once');
      const runtime = runtimeFor();
      await runtime.jobs.start(spec);
      await runtime.jobs.start(spec);
      await Promise.all([
        runtime.jobs.attach(spec.id, { start: spec, ...quiet }),
        runtime.jobs.attach(spec.id, quiet),
        runtimeFor(SERVER).jobs.attach(spec.id, quiet),
      ]);
      await runtime.jobs.attach(spec.id, { start: spec, ...quiet });
      await runtime.jobs.stop(spec.id);
      await runtime.jobs.remove(spec.id);
      expect((await events()).map(({ kind }) => kind)).toEqual(['command', 'exit']);
    });

    it('a job that runs over a restart once, with all of its output', async () => {
      const spec = specOf('echo before; read -r line; echo after', { input: true });
      await runtimeFor().jobs.start(spec);
      opened.reopen();
      const again = runtimeFor();
      await again.jobs.start(spec);
      await again.jobs.write(spec.id, 0, Buffer.from('\n'));
      await again.jobs.attach(spec.id, { after: { out: 'before\n'.length }, ...quiet });
      opened.reopen();
      await runtimeFor().jobs.attach(spec.id, { start: spec, ...quiet });
      const all = await events();
      expect(all.map(({ kind }) => kind)).toEqual(['command', 'exit']);
      expect(await opened.keptText(all[1]?.output)).toBe('before\nafter\n');
    });

    it('a job that is removed and started anew under its id twice', async () => {
      const spec = specOf('sleep 60');
      const runtime = runtimeFor();
      await runtime.jobs.remove(spec.id);
      await runtime.jobs.start(spec);
      await runtime.jobs.remove(spec.id);
      await runtime.jobs.start(spec);
      await runtime.jobs.stop(spec.id, { graceMs: 100 });
      await runtime.jobs.remove(spec.id);
      expect((await events()).map(({ kind, facts }) => [kind, facts.end])).toEqual([
        ['command', undefined],
        ['exit', 'removed'],
        ['command', undefined],
        ['exit', 'signaled'],
      ]);
    });

    it('a job that could not be started as such', async () => {
      const spec = specOf('true', { cwd: join(directory, 'nowhere') });
      await expect(runtimeFor().jobs.start(spec)).rejects.toMatchObject({ code: 'file.not_found' });
      await expect.poll(async () => (await events()).length).toBe(2);
      expect((await events())[1]).toMatchObject({ kind: 'exit', facts: { command: 1, end: 'not_started' } });
    });

    it('a job on a host that a person has taken away, unless it may have begun before', async () => {
      const refused = new FarhandError('host.disabled');
      let thrown = refused;
      const away = wrapRuntime(inner, {
        jobs: { start: () => Promise.reject(thrown), attach: () => Promise.reject(thrown) },
      });
      const runtime = runtimeFor(AGENT, away);
      const [one, two, three] = [specOf('one'), specOf('two'), specOf('three')];
      await expect(runtime.jobs.start(one)).rejects.toBe(refused);
      await expect(runtime.jobs.attach(two.id, { start: two, ...quiet })).rejects.toBe(refused);
      thrown = new FarhandError('host.connection_lost');
      await expect(runtime.jobs.attach(three.id, { start: three, ...quiet })).rejects.toBe(thrown);
      thrown = refused;
      await expect(runtime.jobs.attach(three.id, { start: three, ...quiet })).rejects.toBe(refused);
      await expect.poll(async () => (await events()).length).toBe(5);
      expect((await events()).map(({ kind, facts }) => [kind, facts.jobId, facts.end]).toSorted()).toEqual(
        [
          ['command', one.id, undefined],
          ['command', two.id, undefined],
          ['command', three.id, undefined],
          ['exit', one.id, 'not_started'],
          ['exit', two.id, 'not_started'],
        ].toSorted(),
      );
    });

    it('nothing runs and nothing is written where the record cannot be', async () => {
      const unblock = opened.block();
      const runtime = runtimeFor();
      const [mark, file] = [join(directory, 'ran'), join(directory, 'written')];
      const refusal = { code: 'audit.unwritable' };
      const spec = specOf(`touch ${mark}`);
      await expect(runtime.jobs.start(spec)).rejects.toMatchObject(refusal);
      await expect(runtime.jobs.attach(spec.id, { start: spec, ...quiet })).rejects.toMatchObject(refusal);
      await expect(runtime.exec({ argv: ['touch', mark] })).rejects.toMatchObject(refusal);
      await expect(runtime.files.write(file, Buffer.from('x'))).rejects.toMatchObject(refusal);
      await expect(inner.jobs.get(spec.id)).rejects.toMatchObject({ code: 'job.not_found' });
      expect([existsSync(mark), existsSync(file)]).toEqual([false, false]);

      unblock();
      await runtime.jobs.attach(spec.id, { start: spec, ...quiet });
      expect(existsSync(mark)).toBe(true);
      rmSync(mark);
    });

    it('a file that is written or removed, before it is', async () => {
      const runtime = runtimeFor();
      const path = join(directory, 'note.txt');
      await runtime.files.write(path, Buffer.from('hello'));
      await runtime.files.remove(path);
      const sha256 = createHash('sha256').update('hello').digest('hex');
      expect((await events()).map(({ kind, facts }) => [kind, facts])).toEqual([
        ['file', { path, do: 'write', sizeBytes: 5, sha256 }],
        ['file', { path, do: 'remove', isRecursive: false }],
      ]);
    });

    it('not what the server looks at by itself', async () => {
      await runtimeFor(SERVER).exec({ argv: ['true'] });
      expect(await events()).toEqual([]);
    });

    it('asks the host nothing more on the way to a new job', async () => {
      const asked: string[] = [];
      const counted = new Proxy(inner, {
        get(target, name) {
          if (name === 'jobs')
            return new Proxy(target.jobs, {
              get(jobs, method) {
                const call = Reflect.get(jobs, method).bind(jobs);
                return (...given: unknown[]) => {
                  asked.push(String(method));
                  return call(...given);
                };
              },
            });
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      const spec = specOf('echo x');
      await runtimeFor(AGENT, counted).jobs.attach(spec.id, { start: spec, ...quiet });
      expect(asked).toEqual(['attach']);
    });

    it('keeps 16 MiB of an output without end, and says so', async () => {
      const spec = specOf('head -c 20000000 /dev/zero; echo end >&2');
      let bytes = 0;
      await runtimeFor().jobs.attach(spec.id, {
        start: spec,
        onOutput: (_stream, _offset, piece) => void (bytes += piece.byteLength),
      });
      const [, exit] = await events();
      expect(exit?.facts).toMatchObject({ keptBytes: 16 * 1024 * 1024, isOutputCut: true });
      expect(bytes).toBeGreaterThan(16_000_000);
      expect(await opened.audit.verify()).toMatchObject({ isWhole: true, outputs: 1 });
    });

    it('of a terminal its end alone where the setting says so', async () => {
      opened.audit.setSettings({ retentionDays: null, keepsStreams: false }, { kind: 'page', name: null });
      const id: JobId = newId('job');
      const spec = specOf('echo shown', { id, terminal: { rows: 24, cols: 80 } });
      await runtimeFor().jobs.attach(id, { start: spec, ...quiet });
      const [, , exit] = await events();
      expect(exit).toMatchObject({ kind: 'exit', output: null, facts: { code: 0 } });
    });
  },
);
