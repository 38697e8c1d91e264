import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, type SessionId } from '@farhand/shared/model/ids';
import type { Project } from '@farhand/shared/model/projects';
import { decodeOutput } from '@farhand/shared/protocol/binary';
import { emptyTranscript, foldEvents } from '@farhand/shared/protocol/fold';
import { type ClientFrame, type ServerFrame, serverFrame } from '@farhand/shared/protocol/frames';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createStateFeed, type StateFeed } from '../../feed/state-feed.ts';
import { createLog } from '../../logging/log.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { projects, sessions, workspaces } from '../../store/schema.ts';
import type { TerminalWatcher } from '../../terminals/terminals.ts';
import { createTranscripts, type Transcripts } from '../../transcripts/transcripts.ts';
import { serveConnection, type Topics } from './connection.ts';
import { freeView } from './view.ts';

/** A loaded machine is slow: the second that `waitFor` gives is soon over. */
const eventually = (look: () => void) => vi.waitFor(look, { timeout: 20_000 });

const MIB = 1024 * 1024;

describe('a connection', () => {
  let folder: string;
  let db: Database;
  let transcripts: Transcripts;
  let feed: StateFeed;
  let server: WebSocketServer;
  let accepted: WebSocket[];
  let watcher: TerminalWatcher | null;
  const project = stateProject({ id: newId('project') } as Project, 'shop');
  const session: SessionId = newId('session');
  const terminal = newId('terminal');

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-socket-'));
    db = openDatabase(join(folder, 'db'));
    addSession(db, session);
    transcripts = createTranscripts({ db });
    feed = createStateFeed();
    accepted = [];
    watcher = null;
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    server.on('connection', (socket) => {
      accepted.push(socket);
      serveConnection(socket, freeView(topics()), createLog('silent'));
    });
  });
  afterEach(async () => {
    for (const socket of server.clients) socket.terminate();
    await new Promise((resolve) => server.close(resolve));
    db.close();
    rmSync(folder, { recursive: true });
  });

  // Fakes of what these tests do not look at; the transcripts and the feed are the real ones.
  const topics = () =>
    ({
      transcripts,
      state: { feed, load: () => Promise.resolve(() => [{ kind: 'project', value: project }]) },
      sessions: {
        get(id: SessionId) {
          if (id !== session) throw new Error('unknown');
        },
      },
      terminals: {
        watch(_id: string, _after: number, given: TerminalWatcher) {
          watcher = given;
          return () => (watcher = null);
        },
        input: (_id: string, text: string) =>
          text === 'bad' ? Promise.reject(new Error('lost')) : Promise.resolve(),
        resize: () => Promise.resolve(),
      },
    }) as unknown as Topics;

  const dial = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const frames: ServerFrame[] = [];
    const output: { offset: number; bytes: Uint8Array }[] = [];
    socket.on('message', (message: Buffer, isBinary) => {
      const decoded = isBinary ? decodeOutput(message) : null;
      if (decoded) output.push(decoded);
      else frames.push(serverFrame.parse(JSON.parse(String(message))));
    });
    await once(socket, 'open');
    const send = (frame: ClientFrame) => socket.send(JSON.stringify(frame));
    const find = <Type extends ServerFrame['type']>(type: Type) =>
      frames.filter((frame): frame is Extract<ServerFrame, { type: Type }> => frame.type === type);
    return { socket, frames, output, send, find };
  };

  const write = (text: string) => {
    const writer = transcripts.writer(session);
    const id = newId('item');
    const base = { id, turnId: newId('turn'), at: new Date().toISOString() };
    writer.put({ ...base, kind: 'text', text: '', done: false });
    for (const word of text.split(' ')) writer.append(id, 'text', `${word} `);
    writer.flush();
  };

  it('loses and repeats no event of a session, however often the socket breaks', async () => {
    let transcript = emptyTranscript();
    const seen: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      write(`stored ${round} before`);
      const client = await dial();
      client.send({
        type: 'subscribe',
        sub: 1,
        topic: { kind: 'session', sessionId: session, after: transcript.lastSeq },
      });
      await eventually(() => expect(client.find('events').some(({ live }) => live)).toBe(true));
      for (let count = 0; count < 20; count += 1) write(`live ${round} ${count}`);
      // Cut in the middle, with events under way: after one round none of them has come, after another some.
      await eventually(() => expect(client.find('events').length).toBeGreaterThan(round % 3));
      client.socket.terminate();
      for (const { events } of client.find('events')) {
        const next = foldEvents(transcript, events);
        if (next === 'gap') throw new Error('gap');
        transcript = next;
        seen.push(...events.map(({ seq }) => seq));
      }
    }
    const last = await dial();
    last.send({
      type: 'subscribe',
      sub: 1,
      topic: { kind: 'session', sessionId: session, after: transcript.lastSeq },
    });
    await eventually(() => expect(last.find('events').some(({ live }) => live)).toBe(true));
    const rest = last.find('events').flatMap(({ events }) => events);
    const folded = foldEvents(transcript, rest);
    expect(folded === 'gap' ? folded : folded.items).toEqual(transcripts.items(session));
    const numbers = [...seen, ...rest.map(({ seq }) => seq)];
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  });

  it('costs bounded memory for a browser that does not read, which then gets everything', async () => {
    const client = await dial();
    client.send({ type: 'subscribe', sub: 1, topic: { kind: 'session', sessionId: session, after: 0 } });
    await eventually(() => expect(client.find('events')).toHaveLength(1));
    client.socket.pause();
    let most = 0;
    for (let count = 0; count < 200; count += 1) {
      write('x'.repeat(100_000));
      most = Math.max(most, accepted[0]?.bufferedAmount ?? 0);
      await new Promise(setImmediate);
    }
    expect(most).toBeGreaterThan(MIB / 2);
    expect(most).toBeLessThan(3 * MIB);
    client.socket.resume();
    await eventually(() =>
      expect(client.find('events').at(-1)?.events.at(-1)?.seq).toBe(transcripts.lastSeq(session)),
    );
    const folded = foldEvents(
      emptyTranscript(),
      client.find('events').flatMap(({ events }) => events),
    );
    expect(folded === 'gap' ? 0 : folded.items.length).toBe(200);
  });

  it('sends a snapshot, then changes, and only the newest of each entity to a slow browser', async () => {
    const client = await dial();
    client.send({ type: 'subscribe', sub: 7, topic: { kind: 'state' } });
    await eventually(() => expect(client.find('snapshot')).toHaveLength(1));
    client.socket.pause();
    let most = 0;
    for (let count = 0; count <= 3000; count += 1) {
      feed.changed({ kind: 'project', value: stateProject(project, `${count} ${'x'.repeat(20_000)}`) });
      if (count % 5 === 0) await new Promise(setImmediate);
      most = Math.max(most, accepted[0]?.bufferedAmount ?? 0);
    }
    feed.removed('workspace', 'ws_gone');
    expect(most).toBeLessThan(2 * MIB);
    client.socket.resume();
    await eventually(() =>
      expect(client.find('removed')).toEqual([{ type: 'removed', sub: 7, kind: 'workspace', id: 'ws_gone' }]),
    );
    const names = client
      .find('changed')
      .map(({ entity }) => (entity.kind === 'project' ? entity.value.name.split(' ')[0] : ''));
    expect(names.at(-1)).toBe('3000');
    expect(names.length).toBeLessThan(3000);
  });

  it('holds a terminal back until the browser has drawn what it was sent', async () => {
    const client = await dial();
    client.send({ type: 'subscribe', sub: 3, topic: { kind: 'terminal', terminalId: terminal, after: 0 } });
    await eventually(() => expect(watcher).not.toBeNull());
    const chunk = new Uint8Array(64 * 1024).fill(97);
    const total = 5 * MIB;
    let offset = 0;
    const pour = (async () => {
      for (; offset < total; offset += chunk.length) await watcher?.onOutput(offset, chunk);
    })();
    await eventually(() => expect(client.output.length).toBe(17));
    expect(offset).toBe(MIB);
    let drawn = 0;
    client.socket.on('message', (message: Buffer, isBinary) => {
      if (isBinary)
        client.send({ type: 'ack', sub: 3, bytes: (drawn += message.length - 12) + 17 * chunk.length });
    });
    client.send({ type: 'ack', sub: 3, bytes: 17 * chunk.length });
    await pour;
    await eventually(() => expect(client.output.length).toBe(total / chunk.length));
    expect(client.output.map((one) => one.offset)).toEqual(
      client.output.map((_, index) => index * chunk.length),
    );
  });

  it('lets a held terminal go when the browser leaves', async () => {
    const client = await dial();
    client.send({ type: 'subscribe', sub: 3, topic: { kind: 'terminal', terminalId: terminal, after: 0 } });
    await eventually(() => expect(watcher).not.toBeNull());
    const held = watcher?.onOutput(0, new Uint8Array(2 * MIB));
    client.socket.terminate();
    await held;
    await eventually(() => expect(watcher).toBeNull());
  });

  it('tells when keys reached the host, and when not', async () => {
    const client = await dial();
    client.send({ type: 'terminal_input', id: 1, terminalId: terminal, text: 'ls\r' });
    client.send({ type: 'terminal_input', id: 2, terminalId: terminal, text: 'bad' });
    await eventually(() => expect(client.find('terminal_input_done')).toHaveLength(2));
    expect(client.find('terminal_input_done').map(({ id, error }) => [id, error?.code])).toEqual([
      [1, undefined],
      [2, 'internal.unexpected'],
    ]);
  });

  it('tells how many bytes of keys wait for a host that is away', async () => {
    const client = await dial();
    client.send({ type: 'subscribe', sub: 3, topic: { kind: 'terminal', terminalId: terminal, after: 0 } });
    await eventually(() => expect(watcher).not.toBeNull());
    watcher?.onState('attached', null);
    watcher?.onState('contact_lost', null);
    watcher?.onHeldInput?.(12);
    watcher?.onHeldInput?.(0);
    await eventually(() => expect(client.find('terminal_state')).toHaveLength(4));
    const told = client.find('terminal_state').map(({ state, queuedBytes }) => [state, queuedBytes]);
    expect(told).toEqual([
      ['attached', 0],
      ['contact_lost', 0],
      ['contact_lost', 12],
      ['contact_lost', 0],
    ]);
  });

  it('tells of one subscription that fails and goes on with the others', async () => {
    const client = await dial();
    client.send({
      type: 'subscribe',
      sub: 5,
      topic: { kind: 'session', sessionId: newId('session'), after: 0 },
    });
    client.send({ type: 'ping', at: 12 });
    await eventually(() => expect(client.find('pong')).toEqual([{ type: 'pong', at: 12 }]));
    expect(client.find('error')).toMatchObject([{ sub: 5, error: { code: 'internal.unexpected' } }]);
  });

  it.each(['{', '{"type":"nothing"}', '{"type":"ack","sub":-1,"bytes":0}'])(
    'ends with 1008 on %s',
    async (text) => {
      const client = await dial();
      client.socket.send(text);
      const [code] = await once(client.socket, 'close');
      expect(code).toBe(1008);
      expect(client.find('error')).toMatchObject([{ sub: null, error: { code: 'request.invalid' } }]);
    },
  );
});

function stateProject(project: Project, name: string): Project {
  return {
    ...project,
    name,
    path: '/shop',
    url: null,
    defaultBranch: null,
    createdAt: 'now',
    lastUsedAt: 'now',
  };
}

function addSession(db: Database, id: SessionId): void {
  const [projectId, workspaceId] = [newId('project'), newId('workspace')];
  const at = new Date().toISOString();
  db.insert(projects)
    .values({ id: projectId, name: 'shop', path: '/shop', createdAt: at, lastUsedAt: at })
    .run();
  const workspace = {
    id: workspaceId,
    projectId,
    name: 'w',
    hostId: 'local',
    baseBranch: 'main',
    branch: 'w',
  };
  db.insert(workspaces)
    .values({ ...workspace, transfer: 'history', state: 'ready', steps: '[]', createdAt: at })
    .run();
  const usage = '{"input":0,"output":0,"cachedInput":0}';
  db.insert(sessions)
    .values({
      id,
      workspaceId,
      title: 't',
      agent: 'builtin',
      parent: null,
      costUsd: null,
      context: null,
      state: 'idle',
      lastSeq: 0,
      usage,
      createdAt: at,
      updatedAt: at,
    })
    .run();
}
