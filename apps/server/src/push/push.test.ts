import { execFileSync } from 'node:child_process';
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import type { Terminal, TerminalActivity } from '@farhand/shared/model/terminals';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStateFeed, type StateFeed } from '../feed/state-feed.ts';
import { createPreferences, type Preferences } from '../preferences/preferences.ts';
import { openVault } from '../secrets/vault.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { createSettings } from '../store/settings.ts';
import { createPush, type Push } from './push.ts';
import { createPushStore } from './push-store.ts';

// As a browser: it holds the keys, and its push service gives it what came.
const browser = createECDH('prime256v1');
browser.generateKeys();
const auth = randomBytes(16);

/** The text of a message that was sealed for the browser (RFC 8291, RFC 8188). */
function unsealed(body: Buffer): string {
  const salt = body.subarray(0, 16);
  const sender = body.subarray(21, 21 + (body[20] ?? 0));
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), sender]);
  const key = Buffer.from(hkdfSync('sha256', browser.computeSecret(sender), auth, info, 32));
  const part = (name: string, length: number) =>
    Buffer.from(hkdfSync('sha256', key, salt, Buffer.from(`Content-Encoding: ${name}\0`), length));
  const sealed = body.subarray(21 + sender.length);
  const decipher = createDecipheriv('aes-128-gcm', part('aes128gcm', 16), part('nonce', 12));
  decipher.setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  return padded.subarray(0, padded.lastIndexOf(2)).toString('utf8');
}

describe('push', () => {
  let folder: string;
  let db: Database;
  let feed: StateFeed;
  let preferences: Preferences;
  let push: Push;
  let service: Server;
  let status: number;
  const heard: { authorization: string; news: unknown }[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-push-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=127.0.0.1', '-days', '2', '-nodes'];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-keyout', key, '-out', cert, ...subject],
      {
        stdio: 'ignore',
      },
    );
    status = 201;
    heard.length = 0;
    service = createServer(
      { key: readFileSync(key), cert: readFileSync(cert) },
      async (request, response) => {
        const pieces: Buffer[] = [];
        for await (const piece of request) pieces.push(piece);
        const news = JSON.parse(unsealed(Buffer.concat(pieces)));
        heard.push({ authorization: request.headers.authorization ?? '', news });
        response.writeHead(status).end();
      },
    );
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
    db = openDatabase(join(folder, 'db'));
    feed = createStateFeed();
    preferences = createPreferences(createSettings(db));
    open(readFileSync(cert));
  });

  afterEach(async () => {
    push.close();
    db.close();
    service.closeAllConnections();
    await new Promise((resolve) => service.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const open = (ca: Buffer) => {
    push = createPush({
      store: createPushStore(db),
      settings: createSettings(db),
      vault: openVault(join(folder, 'vault')),
      feed,
      preferences,
      names: { workspace: () => 'calm-bay', sessionTitle: () => 'Publish' },
      agent: new Agent({ ca, checkServerIdentity: () => undefined }),
    });
  };
  const subscribe = () =>
    push.subscribe({
      endpoint: `https://127.0.0.1:${(service.address() as AddressInfo).port}/send/abc`,
      keys: { p256dh: browser.getPublicKey('base64url'), auth: auth.toString('base64url') },
    });
  const workspaceId = newId('workspace');
  const session = { id: newId('session'), workspaceId, title: 'Publish', parent: null } as Session;
  const become = (state: Session['state'], part: Partial<Session> = {}) =>
    feed.changed({ kind: 'session', value: { ...session, ...part, state } });

  it('tells a browser of a finished turn, sealed for it and signed by the server', async () => {
    const key = await push.key();
    subscribe();
    become('working');
    become('done');
    become('done');
    await expect.poll(() => heard).toHaveLength(1);
    expect(heard[0]?.news).toEqual({
      title: 'calm-bay',
      body: 'Publish has finished.',
      tag: session.id,
      workspaceId,
      sessionId: session.id,
    });
    expect(heard[0]?.authorization).toContain(`k=${key}`);
    expect(await push.key()).toBe(key);
  });

  it('says nothing of a muted workspace, of sub-agents, and to who has left', async () => {
    await push.key();
    subscribe();
    preferences.set('notifications', JSON.stringify({ mutedWorkspaces: [workspaceId] }));
    become('working');
    become('failed');
    preferences.set('notifications', 'null');
    become('working', { id: newId('session'), parent: { sessionId: session.id, kind: 'subagent' } });
    become('working');
    become('failed');
    await expect.poll(() => heard).toHaveLength(1);
    push.unsubscribe(`https://127.0.0.1:${(service.address() as AddressInfo).port}/send/abc`);
    become('working');
    become('done');
    expect(createPushStore(db).all()).toEqual([]);
  });

  it('tells of an agent in a terminal, and that it is a guess where it is one', async () => {
    await push.key();
    subscribe();
    const terminal = { id: newId('terminal'), workspaceId, title: 'Claude' } as Terminal;
    const see = (state: TerminalActivity['state'], text: string | null, isGuess: boolean) => {
      const activity = { state, text, isGuess, at: '2026-01-01T00:00:00Z' };
      feed.changed({ kind: 'terminal', value: { ...terminal, activity } });
    };
    see('working', null, false);
    see('blocked', 'Deploy?', false);
    await expect.poll(() => heard).toHaveLength(1);
    see('done', null, true);
    await expect.poll(() => heard).toHaveLength(2);
    expect(heard.map(({ news }) => news)).toMatchObject([
      { body: 'Claude needs you: Deploy?', tag: terminal.id, sessionId: null },
      { body: 'Claude seems to say that it has finished.', sessionId: null },
    ]);
  });

  it('forgets a browser that its service no longer knows', async () => {
    await push.key();
    subscribe();
    status = 410;
    become('working');
    become('done');
    await expect.poll(() => createPushStore(db).all()).toEqual([]);
  });
});
