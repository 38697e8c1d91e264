import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUILTIN_AGENT } from '@farhand/shared/model/agents';
import type { ApprovalPolicy } from '@farhand/shared/model/approvals';
import { LOCAL_HOST } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { ApprovalRequest } from '../../agents/agent.ts';
import { createStateFeed, type StateChange } from '../../feed/state-feed.ts';
import { createRedactor } from '../../secrets/redactor.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { projects, sessions, workspaces } from '../../store/schema.ts';
import { createTranscripts, type Transcripts } from '../../transcripts/transcripts.ts';
import type { AgentAsker, Approvals } from '../approvals.ts';
import { createApprovals } from '../create-approvals.ts';

/** Approvals as one server has them, over a store that others may have open too. */
export interface AskingServer {
  readonly db: Database;
  readonly approvals: Approvals;
  readonly transcripts: Transcripts;
  readonly changes: StateChange[];
}

/** A session in a store on disk, for tests of asking; `connect` is one more server, or the same one restarted. */
export class AskingSession {
  readonly folder = mkdtempSync(join(tmpdir(), 'farhand-approvals-'));
  readonly file = join(this.folder, 'db');
  readonly workspaceId = newId('workspace');
  readonly sessionId = newId('session');
  readonly turnId = newId('turn');
  readonly #servers: AskingServer[] = [];
  readonly first: AskingServer;

  constructor() {
    this.first = this.connect();
    this.#addRows(this.first.db);
  }

  connect(given: Pick<Parameters<typeof createApprovals>[0], 'policy' | 'audit'> = {}): AskingServer {
    const db = openDatabase(this.file);
    const feed = createStateFeed();
    const changes: StateChange[] = [];
    feed.watch((change) => changes.push(change));
    const transcripts = createTranscripts({ db });
    const secrets = { redactor: () => createRedactor({ TOKEN: 'swordfish' }) };
    const server = {
      db,
      transcripts,
      changes,
      approvals: createApprovals({ db, feed, transcripts, secrets, ...given }),
    };
    this.#servers.push(server);
    return server;
  }

  asker(approvalPolicy: ApprovalPolicy = 'ask_outside'): AgentAsker {
    return {
      session: { id: this.sessionId, agent: BUILTIN_AGENT },
      workspace: { id: this.workspaceId, hostId: LOCAL_HOST, directory: '/w', approvalPolicy },
      transcript: this.first.transcripts.writer(this.sessionId),
    };
  }

  request(part: Partial<ApprovalRequest> = {}): ApprovalRequest {
    return {
      key: 'call_1',
      turnId: this.turnId,
      itemId: null,
      title: 'Run npm publish',
      cwd: '/w',
      subject: { kind: 'command', command: 'npm publish' },
      effect: 'execute',
      paths: [],
      canEdit: true,
      ...part,
    };
  }

  close(): void {
    for (const { db, transcripts } of this.#servers) {
      transcripts.forget(this.sessionId);
      db.close();
    }
    rmSync(this.folder, { recursive: true });
  }

  #addRows(db: Database): void {
    const now = new Date().toISOString();
    db.insert(projects).values({ id: 'p', name: 'p', path: '/p', createdAt: now, lastUsedAt: now }).run();
    const place = { projectId: 'p', hostId: LOCAL_HOST, baseBranch: 'm', branch: 'w', transfer: 'history' };
    db.insert(workspaces)
      .values({ ...place, id: this.workspaceId, name: 'w', state: 'ready', steps: '[]', createdAt: now })
      .run();
    const session = { title: '', agent: BUILTIN_AGENT, state: 'idle', lastSeq: 0, usage: '{}' };
    db.insert(sessions)
      .values({
        ...session,
        id: this.sessionId,
        workspaceId: this.workspaceId,
        createdAt: now,
        updatedAt: now,
      })
      .run();
  }
}
