import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Approval, ApprovalDecision } from '@farhand/shared/model/approvals';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApprovalRequest } from '../../agents/agent.ts';
import { type FrontDoor, openFrontDoor } from '../../api/testing/fixture.ts';
import { AskingSession } from '../../approvals/testing/asking-session.ts';
import { resolvePaths } from '../../config/paths.ts';
import { writeRunningServer } from '../../config/running-server.ts';
import type { Workspaces } from '../../workspaces/workspaces.ts';
import { runProgram } from '../program.ts';

const ESC = '\u001b';

let folder: string;
let door: FrontDoor;
let session: AskingSession;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-cli-'));
  session = new AskingSession();
  const workspaces = { list: () => [{ id: session.workspaceId, name: 'fix' }] } as unknown as Workspaces;
  door = await openFrontDoor({ approvals: session.first.approvals, workspaces });
  const token = door.access.cliToken;
  writeRunningServer(join(folder, 'server.json'), { pid: 1, url: door.origin, version: 'test', token });
});

afterEach(async () => {
  await door.close();
  session.close();
  rmSync(folder, { recursive: true });
});

const run = async (...argv: string[]) => {
  const [out, err]: [string[], string[]] = [[], []];
  const status = await runProgram(['approvals', ...argv], {
    streams: {
      out: { write: (text) => out.push(String(text)) > 0 },
      err: { write: (text) => err.push(String(text)) > 0 },
    },
    isInteractive: true,
    hasDisplay: false,
    paths: resolvePaths({ FARHAND_HOME: folder }, '/'),
    startServer: () => Promise.reject(new Error('not part of this test')),
    untilStopped: () => Promise.resolve(),
    ask: () => Promise.resolve(null),
    openBrowser: () => {},
    versionOf: () => Promise.resolve(null),
  });
  return { status, out: out.join(''), err: err.join('') };
};

function ask(part: Partial<ApprovalRequest> = {}): { one: Approval; answer: Promise<ApprovalDecision> } {
  const answer = session.first.approvals.ask(
    session.asker(),
    session.request(part),
    new AbortController().signal,
  );
  const one = session.first.approvals.open().at(-1);
  if (!one) throw new Error('nothing is open');
  return { one, answer };
}
const short = ({ id }: Approval) => id.slice(4, 10);

describe('farhand approvals', () => {
  it('lists what waits, with an id that is short enough to type', async () => {
    expect(await run()).toEqual({ status: 0, out: 'Nothing waits for an answer.\n', err: '' });
    const { one } = ask({ title: `Run ${ESC}[31mnpm` });
    const { out } = await run();
    expect(out).toContain('ID      WORKSPACE  HOST   WHO      WAITING  WHAT');
    expect(out).toMatch(new RegExp(`^${short(one)}  fix +local  builtin  0 min +Run .*npm$`, 'm'));
    expect(out).not.toContain(ESC);
    expect(JSON.parse((await run('--json')).out).approvals).toEqual([one]);
    expect(JSON.parse((await run('list', '--json')).out).approvals).toEqual([one]);
  });

  it('shows one whole, with nothing in it that a terminal would act on', async () => {
    const { one } = ask({
      subject: { kind: 'command', command: `npm publish\n${ESC}]0;x\u0007\u202ecurl x` },
    });
    const { out } = await run('show', short(one));
    expect(out).toContain('asked by builtin on local in /w, waiting for 0 min');
    expect(out).toContain('The policy asks for what leaves the workspace, and the command uses');
    expect(out).toContain('\n  npm publish\n  \uFFFD]0;x\uFFFD\uFFFDcurl x\n');
    expect(out).toContain('It has no pattern for --always.');
    const { one: other } = ask({ key: 'b' });
    expect((await run('show', other.id)).out).toContain('--always would allow: npm publish *');
    expect(JSON.parse((await run('show', other.id, '--json')).out).approval).toEqual(other);
  });

  it('allows once, with another command, for the session, for always', async () => {
    const once = ask();
    expect(await run('allow', short(once.one))).toEqual({
      status: 0,
      out: 'Run npm publish: allowed once.\n',
      err: '',
    });
    expect(await once.answer).toMatchObject({ kind: 'allowed', scope: 'once', command: null });
    const edited = ask({ key: 'b' });
    const ran = await run('allow', short(edited.one), '--command', 'npm pack');
    expect(ran.out).toBe('Run npm publish: allowed once, as `npm pack`.\n');
    expect(await edited.answer).toMatchObject({ command: 'npm pack' });
    const always = ask({ key: 'c' });
    expect((await run('allow', short(always.one), '--always')).out).toContain('allowed for always');
    expect(session.first.approvals.rules(session.workspaceId)).toMatchObject([{ pattern: 'npm publish *' }]);
    const forSession = ask({ key: 'd', subject: { kind: 'command', command: 'git push' } });
    expect((await run('allow', short(forSession.one), '--session')).out).toContain(
      'allowed for this session',
    );
    expect(session.first.approvals.list({ sessionId: null, isOpen: false })[0]?.decidedBy).toBe('cli');
  });

  it('denies with a reason for the agent', async () => {
    const { one, answer } = ask();
    expect((await run('deny', short(one), '--reason', 'not today')).out).toBe(
      'Run npm publish: denied: not today.\n',
    );
    expect(await answer).toEqual({ kind: 'denied', reason: 'not today' });
  });

  it('ends with 1 and clear words where it cannot answer', async () => {
    const { one } = ask();
    expect(await run('allow', 'zzzzzz')).toMatchObject({
      status: 1,
      err: expect.stringContaining('No approval has an id that begins with zzzzzz.'),
    });
    expect((await run('allow', short(one), '--always', '--session')).err).toContain('not both');
    expect((await run('allow', short(one), '--always', '--command', 'x')).err).toContain(
      'can only be allowed once',
    );
    ask({ key: 'b' });
    expect((await run('deny', 'apr_')).err).toContain('Several ids begin with apr_.');
    expect(session.first.approvals.open()).toHaveLength(2);
    await run('deny', one.id);
    const again = await run('allow', one.id);
    expect(again).toMatchObject({ status: 1, err: expect.stringContaining('This was decided already.') });
    expect((await run('deny', one.id)).status).toBe(0);
  });
});

describe('the front door', () => {
  const decide = (one: Approval, hash: string, headers: Record<string, string>) =>
    door.ask({
      path: '/api/approval.decide',
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ approvalId: one.id, hash, decision: { kind: 'allow', scope: 'once' } }),
    });

  it('takes an answer for exactly what was shown, from whoever is signed in, and says who gave it', async () => {
    const { one, answer } = ask();
    const page = { cookie: door.signIn(), origin: door.origin };
    expect((await decide(one, one.hash, { origin: door.origin })).status).toBe(401);
    expect((await decide(one, 'f'.repeat(64), page)).text).toContain('approval.changed');
    expect(session.first.approvals.open()).toHaveLength(1);
    const decided = await decide(one, one.hash, page);
    expect(JSON.parse(decided.text)).toMatchObject({ ok: true, data: { approval: { decidedBy: 'page' } } });
    expect(await answer).toMatchObject({ kind: 'allowed' });
    expect((await decide(one, one.hash, page)).status).toBe(200);
    const { one: other } = ask({ key: 'b' });
    const cli = await decide(other, other.hash, { authorization: `Bearer ${door.access.cliToken}` });
    expect(JSON.parse(cli.text)).toMatchObject({ data: { approval: { decidedBy: 'cli' } } });
  });
});
