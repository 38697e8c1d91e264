import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalRuntime } from '@farhand/runtime-local/runtime';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ApprovalPolicy } from '@farhand/shared/model/approvals';
import { type HostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import { fileCalls } from '@farhand/shared/protocol/calls/files';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AskingServer, AskingSession } from '../approvals/testing/asking-session.ts';
import { createRedactor } from '../secrets/redactor.ts';
import { fileWrites } from '../store/program-schema.ts';
import type { ReadyWorkspace } from '../workspaces/workspaces.ts';
import { createWorkspaceFiles, type WorkspaceFiles } from './workspace-files.ts';

const BY = { kind: 'token', name: 'ci' } as const;

describe('files of a workspace for other programs', () => {
  let asking: AskingSession;
  let directory: string;
  let policy: ApprovalPolicy;
  let files: WorkspaceFiles;
  let server: AskingServer;
  let warned: string[];
  let isAway: boolean;
  let looks: number;
  let arrive: (hostId: HostId) => void;
  const runtime = createLocalRuntime({ environment: process.env });

  const projectId = newId('project');
  const ready = (): ReadyWorkspace => {
    looks += 1;
    if (isAway) throw new FarhandError('host.unreachable');
    // Only what is looked at of it.
    const workspace = {
      id: asking.workspaceId,
      projectId,
      hostId: LOCAL_HOST,
      directory,
      approvalPolicy: policy,
    } as Workspace;
    return { workspace, directory, runtime };
  };
  const filesOf = ({ db, approvals }: AskingServer) =>
    createWorkspaceFiles({
      db,
      workspaces: { ready, get: () => ready().workspace, refreshChanges: () => {} },
      secrets: { redactor: () => createRedactor({ TOKEN: 'swordfish' }) } as never,
      approvals,
      arrivals: { watch: () => {}, onArrival: (listener) => void (arrive = listener) },
      log: { warn: (_event, facts) => void warned.push(String(Reflect.get(Object(facts?.error), 'code'))) },
    });
  /** The server ends, at once or not, and another one takes up its work. */
  const restart = ({ isKilled = false } = {}) => {
    if (!isKilled) files.close();
    server = asking.connect();
    files = filesOf(server);
  };

  beforeEach(() => {
    asking = new AskingSession();
    directory = join(asking.folder, 'shop');
    mkdirSync(join(directory, '.git'), { recursive: true });
    policy = 'ask_all';
    warned = [];
    isAway = false;
    looks = 0;
    server = asking.first;
    files = filesOf(server);
  });
  afterEach(() => {
    files.close();
    asking.close();
  });

  const { 'file.write': writeCall, 'file.read': readCall, 'file.list': listCall } = fileCalls;
  const write = (path: string, content: string, more: object = {}) =>
    files.write(writeCall.input.parse({ workspaceId: asking.workspaceId, path, content, ...more }), BY);
  const read = (path: string, more: object = {}) =>
    files.read(readCall.input.parse({ workspaceId: asking.workspaceId, path, ...more }), BY);
  const answer = (decision: ParsedInput<'approval.decide'>['decision']) => {
    const { approvals } = server;
    const [open] = approvals.open();
    if (!open) throw new Error('Nothing is asked.');
    return approvals.decide({ approvalId: open.id, hash: open.hash, decision }, 'page');
  };
  const resultOf = ({ approvalId }: { approvalId: string | null }, waitMs = 5000) =>
    files.writeResult({ approvalId: approvalId as never, waitMs }, new AbortController().signal);
  const textAt = (path: string) => readFileSync(join(directory, path), 'utf8');

  it('writes at once where the policy asks for nothing, and asks where it does', async () => {
    policy = 'never';
    expect(await write('a/b.txt', 'one')).toEqual({ state: 'written', approvalId: null, sizeBytes: 3 });
    expect(textAt('a/b.txt')).toBe('one');
    policy = 'ask_writes';
    const asked = await write('a/b.txt', 'two swordfish');
    expect(asked.state).toBe('asking');
    const [open] = asking.first.approvals.open();
    expect(open).toMatchObject({ id: asked.approvalId, by: BY, sessionId: null });
    expect(JSON.stringify(open?.subject)).toContain('-one');
    expect(JSON.stringify(open?.subject)).not.toContain('swordfish');
    // The same again is the same question.
    expect((await write('a/b.txt', 'two swordfish')).approvalId).toBe(asked.approvalId);
    answer({ kind: 'allow', scope: 'once' });
    expect(await resultOf(asked)).toMatchObject({ state: 'written', path: 'a/b.txt', error: null });
    expect(textAt('a/b.txt')).toBe('two swordfish');
    // What was allowed once is not allowed again.
    writeFileSync(join(directory, 'a/b.txt'), 'one');
    const again = await write('a/b.txt', 'two swordfish');
    expect(again.state).toBe('asking');
    expect(again.approvalId).not.toBe(asked.approvalId);
  });

  it('does not write what was denied, or what became another change meanwhile', async () => {
    const denied = await write('a.txt', 'one');
    answer({ kind: 'deny', reason: 'not now' });
    expect(await resultOf(denied)).toMatchObject({ state: 'denied', error: { message: 'not now' } });
    const changed = await write('b.txt', 'one');
    writeFileSync(join(directory, 'b.txt'), 'of somebody else');
    // What is asked now is another change: the one before is not asked any more.
    const { approvalId } = await write('b.txt', 'one');
    expect(await resultOf(changed)).toMatchObject({
      state: 'failed',
      error: { code: 'file.write_not_decided' },
    });
    rmSync(join(directory, 'b.txt'));
    answer({ kind: 'allow', scope: 'once' });
    expect(await resultOf({ approvalId })).toMatchObject({
      state: 'failed',
      error: { code: 'file.write_changed' },
    });
    expect(warned).toEqual(['file.write_not_decided', 'file.write_changed']);
    for (const path of ['a.txt', 'b.txt']) expect(existsSync(join(directory, path))).toBe(false);
  });

  it('does not write by a link that took the place of a folder while a person was asked', async () => {
    const outside = join(asking.folder, 'outside');
    for (const folder of [outside, join(directory, 'sub')]) mkdirSync(folder);
    const asked = await write('sub/authorized_keys', 'mine');
    rmSync(join(directory, 'sub'), { recursive: true });
    symlinkSync(outside, join(directory, 'sub'));
    answer({ kind: 'allow', scope: 'once' });
    expect((await resultOf(asked)).state).toBe('failed');
    expect(existsSync(join(outside, 'authorized_keys'))).toBe(false);
  });

  it('writes in a workspace that is reached by a link, and lies where workspaces lie', async () => {
    policy = 'never';
    const real = join(asking.folder, '.farhand', 'shop');
    mkdirSync(real, { recursive: true });
    rmSync(directory, { recursive: true });
    symlinkSync(real, directory);
    expect(await write('a.txt', 'one')).toMatchObject({ state: 'written' });
    await expect(write('.farhand/init', 'one')).rejects.toMatchObject({ code: 'file.write_denied' });
  });

  it('asks on after a restart, and writes what was allowed then', async () => {
    const asked = await write('a.txt', 'one');
    restart();
    files.resumeAll();
    expect(server.approvals.open()).toMatchObject([{ id: asked.approvalId }]);
    expect((await resultOf(asked, 0)).state).toBe('asking');
    // The same once more is the same question, in another server too.
    expect((await write('a.txt', 'one')).approvalId).toBe(asked.approvalId);
    answer({ kind: 'allow', scope: 'once' });
    expect((await resultOf(asked)).state).toBe('written');
    expect(textAt('a.txt')).toBe('one');
    const rows = server.db.select().from(fileWrites).all();
    expect(rows).toMatchObject([{ state: 'written', content: null }]);
  });

  it('writes what was allowed while no server carried it out', async () => {
    const asked = await write('a.txt', 'one');
    files.close();
    answer({ kind: 'allow', scope: 'once' });
    expect(existsSync(join(directory, 'a.txt'))).toBe(false);
    restart();
    files.resumeAll();
    expect((await resultOf(asked)).state).toBe('written');
    expect(textAt('a.txt')).toBe('one');
  });

  it('waits for a host that is away, and takes what a killed server wrote for written', async () => {
    const asked = await write('a.txt', 'one');
    isAway = true;
    answer({ kind: 'allow', scope: 'once' });
    await expect
      .poll(() => resultOf(asked, 0))
      .toMatchObject({
        state: 'allowed',
        error: { code: 'host.unreachable' },
      });
    restart({ isKilled: true });
    files.resumeAll();
    isAway = false;
    // As the server did that was killed before it could say so.
    writeFileSync(join(directory, 'a.txt'), 'one');
    arrive(LOCAL_HOST);
    expect(await resultOf(asked)).toMatchObject({ state: 'written', error: null });
  });

  it('tries no more often by itself for a host that came and went', async () => {
    const asked = await write('a.txt', 'one');
    isAway = true;
    vi.useFakeTimers();
    try {
      answer({ kind: 'allow', scope: 'once' });
      for (let times = 0; times < 5; times += 1) {
        await vi.advanceTimersByTimeAsync(10);
        arrive(LOCAL_HOST);
      }
      await vi.advanceTimersByTimeAsync(10);
      expect((await resultOf(asked, 0)).state).toBe('allowed');
      const before = looks;
      await vi.advanceTimersByTimeAsync(30_000);
      expect(looks - before).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each(['allowed', 'written'])('waits for a store that does not take that it is %s', async (state) => {
    const asked = await write('a.txt', 'one');
    server.db.run(sql`CREATE TRIGGER full BEFORE UPDATE ON file_writes WHEN new.state = ${sql.raw(`'${state}'`)}
      BEGIN SELECT RAISE(ABORT, 'no room'); END`);
    answer({ kind: 'allow', scope: 'once' });
    await expect.poll(() => warned).toHaveLength(1);
    expect((await resultOf(asked, 0)).state).toBe(state === 'allowed' ? 'asking' : 'allowed');
    server.db.run(sql`DROP TRIGGER full`);
    expect((await resultOf(asked)).state).toBe('written');
    expect(textAt('a.txt')).toBe('one');
  });

  it('says that a write is lost with its workspace, and asks nobody any more', async () => {
    const asked = await write('a.txt', 'one');
    restart();
    isAway = true;
    files.resumeAll();
    expect((await resultOf(asked, 0)).state).toBe('failed');
    expect(server.approvals.open()).toEqual([]);
    await expect(resultOf({ approvalId: newId('approval') })).rejects.toMatchObject({
      code: 'file.write_not_found',
    });
  });

  it('keeps no more than a hundred that wait', async () => {
    for (let count = 0; count < 100; count += 1) await write('a.txt', `text ${count}`);
    await expect(write('a.txt', 'one more')).rejects.toMatchObject({ code: 'file.too_many_writes' });
    // One of them again is none more.
    expect((await write('a.txt', 'text 7')).state).toBe('asking');
  });

  it('never writes into git’s own folder, under any policy', async () => {
    policy = 'never';
    for (const path of [
      '.git/config',
      'x/../.git/hooks/pre-commit',
      '.GIT/config',
      '.git',
      // Run by itself, unasked, when the workspace is forked or restored.
      '.farhand/init',
      'x/../.farhand/init',
    ]) {
      const error = await write(path, 'x').catch(FarhandError.from);
      expect(error, path).toMatchObject({ code: 'file.write_denied' });
    }
  });

  it('reads in pieces, covers secrets, and takes what is no text as base64 only', async () => {
    writeFileSync(join(directory, 'a.txt'), 'say swordfish twice');
    expect(await read('a.txt')).toMatchObject({ content: 'say [secret TOKEN] twice', nextOffset: null });
    const pieces: string[] = [];
    for (let at: number | null = 0; at !== null; ) {
      const piece = await read('a.txt', { limit: 3, offset: at });
      pieces.push(piece.content);
      at = piece.nextOffset;
    }
    expect(pieces.join('')).toBe('say [secret TOKEN] twice');
    expect((await read('a.txt', { offset: 7, limit: 6 })).content).not.toMatch(/sword|fish/);
    writeFileSync(join(directory, 'b.bin'), Buffer.from([0, 1, 255]));
    await expect(read('b.bin')).rejects.toMatchObject({ code: 'file.not_text' });
    expect((await read('b.bin', { encoding: 'base64' })).content).toBe('AAH/');
    writeFileSync(join(directory, 'large'), Buffer.alloc(8 * 1024 * 1024 + 1, 'x'));
    await expect(read('large')).rejects.toMatchObject({ code: 'file.too_large' });
    policy = 'never';
    await write('c.bin', 'AAH/', { encoding: 'base64' });
    expect(readFileSync(join(directory, 'c.bin'))).toEqual(Buffer.from([0, 1, 255]));
  });

  it('lists by name and says where it is not all', async () => {
    for (const name of ['c', 'a', 'b']) writeFileSync(join(directory, name), '');
    const list = (limit: number) =>
      files.list(listCall.input.parse({ workspaceId: asking.workspaceId, limit }), BY);
    expect(await list(3)).toMatchObject({
      isTruncated: true,
      entries: [{ name: '.git' }, { name: 'a' }, { name: 'b' }],
    });
    expect((await list(4)).isTruncated).toBe(false);
  });
});
