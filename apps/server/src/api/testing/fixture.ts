import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Access, createAccess } from '../../access/access.ts';
import { LOOPBACK_NAMES } from '../../access/request-guard.ts';
import { createStateFeed, type StateFeed } from '../../feed/state-feed.ts';
import { createLog } from '../../logging/log.ts';
import { createMcpEndpoint } from '../../mcp-server/endpoint.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { createTokens, type Tokens } from '../../tokens/tokens.ts';
import { createApi } from '../api.ts';
import { createCallTable } from '../call-table.ts';
import type { Domains } from '../domains.ts';
import { createStateSource } from '../socket/state-subscription.ts';
import { openStaticFiles } from '../static-files.ts';
import { createTokenGate } from '../token-gate.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Ask {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** A front door that listens on loopback, with real access, files and database. */
export interface FrontDoor {
  readonly port: number;
  readonly origin: string;
  readonly access: Access;
  readonly tokens: Tokens;
  readonly db: Database;
  readonly feed: StateFeed;
  /** A header for a browser that is signed in. */
  signIn(): string;
  ask(ask: Ask): Promise<Answer>;
  close(): Promise<void>;
}

/** `domains` brings what a test needs; everything else throws when it is used. */
export async function openFrontDoor(domains: Partial<Domains> = {}): Promise<FrontDoor> {
  const folder = mkdtempSync(join(tmpdir(), 'farhand-door-'));
  const db = openDatabase(join(folder, 'db'));
  const tokens = createTokens({ db });
  const access = createAccess({ db, tokens });
  const feed = createStateFeed();
  const all = withRefusals({ tokens, ...domains });
  const status = () => ({ version: 'test', startedAt: 'now', rssBytes: 1, runningJobs: 0 });
  const log = createLog('silent');
  const table = createCallTable(all, { loginUrl: () => 'http://127.0.0.1/login?code=x', status });
  const gate = createTokenGate(all);
  const api = createApi({
    access,
    log,
    development: null,
    calls: table,
    gate,
    mcp: createMcpEndpoint({ table, gate, access, feed, log }),
    files: openStaticFiles(writePage(folder)),
    topics: { ...all, state: createStateSource(feed, all) },
    version: 'test',
    serverId: 'test',
  });
  const port = await api.listen('127.0.0.1', 0);
  access.serve({ port, names: LOOPBACK_NAMES });
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    access,
    tokens,
    db,
    feed,
    signIn: () => access.redeemCode(access.issueCode(), 'test')?.split(';')[0] ?? '',
    ask: (ask) => send(port, ask),
    async close() {
      await api.close();
      tokens.close();
      db.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function withRefusals(domains: Partial<Domains>): Domains {
  const refuse = (name: string) =>
    new Proxy(
      {},
      {
        get: (_target, property) => () => {
          const refused = Promise.reject(new Error(`${name}.${String(property)} is not part of this test`));
          // A call that does not wait for it must not end the test's process.
          refused.catch(() => {});
          return refused;
        },
      },
    );
  const names = [
    'hosts',
    'hostAgents',
    'projects',
    'workspaces',
    'sessions',
    'transcripts',
    'terminals',
    'secrets',
    'projectSettings',
    'secretKeys',
    'secretUpkeep',
    'models',
    'approvals',
    'audit',
    'forks',
    'checkpoints',
    'dryRuns',
    'comparisons',
    'mcpServers',
    'spending',
    'queue',
    'policy',
    'preferences',
    'push',
    'runs',
    'operations',
    'sandboxes',
    'sandboxChoices',
    'search',
    'workspaceFiles',
  ];
  return { ...Object.fromEntries(names.map((name) => [name, refuse(name)])), ...domains } as Domains;
}

function writePage(folder: string): string {
  const out = join(folder, 'out');
  mkdirSync(join(out, '_next/static'), { recursive: true });
  writeFileSync(join(folder, 'outside.txt'), 'outside');
  writeFileSync(
    join(out, 'index.html'),
    '<!doctype html><script>go()</script><script src="/_next/static/a.js"></script>',
  );
  writeFileSync(join(out, '_next/static/a.js'), 'go()');
  return out;
}

function send(port: number, { path, method = 'GET', headers = {}, body }: Ask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path, method, headers: { host: `127.0.0.1:${port}`, ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      },
    );
    let isAnswered = false;
    asked.on('response', () => (isAnswered = true));
    // A refusal may come, and the connection end, before the whole body is written.
    asked.on('error', (error) => !isAnswered && reject(error));
    asked.end(body);
  });
}
