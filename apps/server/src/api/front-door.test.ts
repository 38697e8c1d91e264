import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Project } from '@farhand/shared/model/projects';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Projects } from '../projects/projects.ts';
import { type FrontDoor, openFrontDoor } from './testing/fixture.ts';

describe('the front door', () => {
  const added: string[] = [];
  // Only what these tests reach of it.
  const projects = {
    add: (source: string) => {
      added.push(source);
      return Promise.resolve({ name: source } as Project);
    },
  } as Projects;
  let door: FrontDoor;
  beforeEach(async () => {
    added.length = 0;
    door = await openFrontDoor({ projects });
  });
  afterEach(() => door.close());

  const post = (headers: Record<string, string>, body: string | Buffer = '{"source":"/shop"}') =>
    door.ask({
      path: '/api/project.add',
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
  const signedIn = () => ({ cookie: door.signIn(), origin: door.origin });

  it('answers a signed-in browser and the CLI', async () => {
    expect((await post(signedIn())).status).toBe(200);
    expect((await post({ authorization: `Bearer ${door.access.cliToken}` })).status).toBe(200);
    expect(added).toEqual(['/shop', '/shop']);
  });

  it('refuses a wrong Host, a foreign Origin, another site and no cookie, with nothing done', async () => {
    const cookie = door.signIn();
    const answers = await Promise.all([
      post({ cookie, origin: door.origin, host: 'evil.example' }),
      post({ cookie, origin: 'http://evil.example' }),
      post({ cookie }),
      post({ cookie, origin: door.origin, 'sec-fetch-site': 'cross-site' }),
      post({ origin: door.origin }),
      post({ origin: door.origin, authorization: 'Bearer wrong' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 401, 401]);
    expect(answers.map(({ text }) => JSON.parse(text).error.code)).toEqual([
      'access.wrong_host',
      'access.wrong_origin',
      'access.wrong_origin',
      'access.wrong_origin',
      'access.denied',
      'access.denied',
    ]);
    expect(added).toEqual([]);
  });

  it('refuses before it reads a body', async () => {
    const socket = connect(door.port, '127.0.0.1');
    socket.write(
      'POST /api/project.add HTTP/1.1\r\nHost: evil.example\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{',
    );
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 403 /);
    socket.destroy();
  });

  it('refuses a body that is too large, told or not told beforehand', async () => {
    const big = Buffer.alloc(2 * 1024 * 1024, 32);
    const told = await post({ ...signedIn(), 'content-length': String(big.length) }, big);
    const chunked = await post({ ...signedIn(), 'transfer-encoding': 'chunked' }, big);
    expect([told.status, chunked.status]).toEqual([413, 413]);
    expect(added).toEqual([]);
  });

  it('refuses what is not JSON, by its type and by its form, and does not repeat what was sent', async () => {
    const headers = signedIn();
    expect((await post({ ...headers, 'content-type': 'text/plain' })).status).toBe(400);
    expect((await post(headers, '{')).status).toBe(400);
    const wrong = await post(headers, '{"source":{"canary":"canary-value"}}');
    expect(JSON.parse(wrong.text).error).toMatchObject({
      code: 'request.invalid',
      message: expect.stringContaining('source'),
    });
    expect(wrong.text).not.toContain('canary-value');
  });

  it('knows no call that is not in the table', async () => {
    for (const name of ['nothing', 'toString', '__proto__', 'project.add/x']) {
      const answer = await door.ask({
        path: `/api/${name}`,
        method: 'POST',
        headers: { ...signedIn(), 'content-type': 'application/json' },
        body: '{}',
      });
      expect(answer.status).toBe(404);
    }
  });

  it('signs in once with a code, into a cookie, and shows no token in a URL after it', async () => {
    const path = `/login?code=${door.access.issueCode()}`;
    expect((await door.ask({ path, method: 'HEAD' })).status).toBe(401);
    const first = await door.ask({ path });
    expect(first).toMatchObject({ status: 303, headers: { location: '/', 'cache-control': 'no-store' } });
    const cookie = first.headers['set-cookie']?.[0] ?? '';
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await door.ask({ path: '/', headers: { cookie: cookie.split(';')[0] ?? '' } })).status).toBe(200);
    const second = await door.ask({ path });
    expect(second.status).toBe(401);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  it('shows who is not signed in only how to sign in', async () => {
    const answers = await Promise.all(
      ['/', '/index.html', '/_next/static/a.js', '/w/1'].map((path) => door.ask({ path })),
    );
    for (const { status, text } of answers) {
      expect(status).toBe(401);
      expect(text).toContain('farhand login-url');
    }
  });

  it('serves the built page with the shell for unknown paths, and hashed files for long', async () => {
    const headers = { cookie: door.signIn() };
    const page = await door.ask({ path: '/w/ws_x', headers });
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    const script = await door.ask({ path: '/_next/static/a.js', headers });
    expect(script.headers['cache-control']).toContain('immutable');
    const again = await door.ask({
      path: '/_next/static/a.js',
      headers: { ...headers, 'if-none-match': script.headers.etag ?? '' },
    });
    expect(again.status).toBe(304);
    expect((await door.ask({ path: '/_next/static/b.js', headers })).status).toBe(404);
  });

  it('compresses the page for who takes it, and still knows it by its tag', async () => {
    const headers = { cookie: door.signIn(), 'accept-encoding': 'gzip' };
    const page = await door.ask({ path: '/', headers });
    expect(page.headers['content-encoding']).toBe('gzip');
    const again = await door.ask({
      path: '/',
      headers: { ...headers, 'if-none-match': page.headers.etag ?? '' },
    });
    expect(again.status).toBe(304);
    const call = await door.ask({
      path: '/api/none',
      method: 'POST',
      headers: { ...headers, origin: door.origin },
    });
    expect(call.headers['content-encoding']).toBeUndefined();
  });

  it.each([
    '/../outside.txt',
    '/%2e%2e/outside.txt',
    '/..%2foutside.txt',
    '/_next/../../outside.txt',
    '/%00',
    '/%ff',
    '//outside.txt',
  ])('lets %s not out of the folder of the page', async (path) => {
    const answer = await door.ask({ path, headers: { cookie: door.signIn() } });
    expect(answer.text).not.toContain('outside');
  });

  it('allows the page its own inline scripts by hash and no others', async () => {
    const { headers } = await door.ask({ path: '/', headers: { cookie: door.signIn() } });
    const hash = createHash('sha256').update('go()').digest('base64');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain(`script-src 'self' 'sha256-${hash}';`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${door.port}`);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
  });

  const dial = async (headers: Record<string, string>, path = '/ws') => {
    const socket = new WebSocket(`ws://127.0.0.1:${door.port}${path}`, { headers });
    return new Promise<number>((resolve) => {
      socket.on('unexpected-response', (_request, response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      socket.on('error', () => {});
      socket.on('open', () => {
        resolve(101);
        socket.terminate();
      });
    });
  };

  it('opens a WebSocket to its own page and to the CLI, and to nobody else', async () => {
    const cookie = door.signIn();
    expect(await dial({ cookie, origin: door.origin })).toBe(101);
    expect(await dial({ authorization: `Bearer ${door.access.cliToken}` })).toBe(101);
    expect(await dial({ cookie, origin: 'http://evil.example' })).toBe(403);
    expect(await dial({ cookie })).toBe(403);
    expect(await dial({ cookie, origin: door.origin, host: 'evil.example' })).toBe(403);
    expect(await dial({ origin: door.origin })).toBe(401);
    expect(await dial({ cookie, origin: door.origin }, '/other')).toBe(404);
  });

  it('ends the sockets of a browser that signs out', async () => {
    const headers = signedIn();
    const socket = new WebSocket(`ws://127.0.0.1:${door.port}/ws`, { headers });
    await once(socket, 'message');
    const closed = once(socket, 'close');
    const answer = await door.ask({ path: '/api/access.logout', method: 'POST', headers });
    expect(answer.headers['set-cookie']?.[0]).toContain('Max-Age=0');
    expect((await closed)[0]).toBe(1008);
    expect((await post(headers)).status).toBe(401);
  });
});
