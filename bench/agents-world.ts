import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Session } from '@farhand/shared/model/sessions';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { type ModelServer, startModelServer, TEST_MODEL } from '@farhand/shared/testing/model-server';
import { freePort, startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { Client, type ClientSocket } from '../e2e/support/client.ts';
import { Farhand } from '../e2e/support/farhand.ts';
import { addScriptedAgent } from '../e2e/support/places.ts';
import { untilReady } from '../e2e/support/ready.ts';
import { makeRepository } from '../e2e/support/repository.ts';
import { StreamScript } from './agents-script.ts';

/** The built server with a scripted model, one sshd and workspaces on it. */
export class AgentsWorld {
  readonly script = new StreamScript();
  /** The newest of every session that the server told of. */
  readonly sessions = new Map<Session['id'], Session>();
  client!: Client;
  readonly #looks = new Set<() => void>();
  #socket!: ClientSocket;

  private constructor(
    readonly folder: string,
    readonly sshd: TestSshd,
    readonly model: ModelServer,
    readonly farhand: Farhand,
  ) {}

  static async start(): Promise<AgentsWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'farhand-agents-'));
    const sshd = await startSshd();
    let script: StreamScript | null = null;
    const model = await startModelServer((request) => script?.answer(request) ?? []);
    const environment = {
      FARHAND_SSH_CONFIG: sshd.sshConfigPath,
      FARHAND_MODEL_BASE_URL: model.url,
      FARHAND_MODEL: TEST_MODEL,
      FARHAND_MODEL_KEY: 'dummy-model-key',
    };
    const farhand = new Farhand(folder, environment, await freePort());
    const world = new AgentsWorld(folder, sshd, model, farhand);
    script = world.script;
    await farhand.start();
    await farhand.setDefaultPolicy('never');
    await world.connect();
    return world;
  }

  /** Signs in and watches the state: once at the start, and again after each start of the server. */
  async connect(): Promise<void> {
    this.client = await Client.signIn(this.farhand.url);
    this.#socket = await this.client.connect();
    const take = (session: Session) => {
      this.sessions.set(session.id, session);
      for (const look of this.#looks) look();
    };
    this.#socket.onFrame = (frame) => {
      if (frame.type === 'snapshot')
        for (const entity of frame.entities) if (entity.kind === 'session') take(entity.value);
      if (frame.type === 'changed' && frame.entity.kind === 'session') take(frame.entity.value);
    };
    this.#socket.send({ type: 'subscribe', sub: 1, topic: { kind: 'state' } });
  }

  async workspaces(count: number): Promise<Workspace[]> {
    const repository = makeRepository(join(this.folder, 'shop'));
    const { project } = await this.client.call('project.add', { source: repository });
    const made: Workspace[] = [];
    for (let number = 1; number <= count; number++) {
      const wanted = { projectId: project.id, host: this.sshd.alias, branch: 'main', name: `work-${number}` };
      const { workspace } = await this.client.call('workspace.create', wanted);
      made.push(await untilReady(this.client, workspace.id));
    }
    return made;
  }

  /** Sessions with the agent, spread over the workspaces. */
  async open(count: number, workspaces: readonly Workspace[], agent?: Session['agent']): Promise<Session[]> {
    const sessions: Session[] = [];
    for (let number = 0; number < count; number++) {
      const workspaceId = workspaces[number % workspaces.length]?.id;
      if (!workspaceId) throw new Error('there is no workspace');
      const input = agent === undefined ? { workspaceId } : { workspaceId, agent };
      sessions.push((await this.client.call('session.create', input)).session);
    }
    return sessions;
  }

  /** The scripted agent of the Agent Client Protocol, as a command of the person's own. */
  addAcpAgent(): Promise<Session['agent']> {
    return addScriptedAgent(this.client, this.sshd.home);
  }

  async prompt(sessions: readonly Session[], text: string): Promise<void> {
    await Promise.all(sessions.map(({ id }) => this.client.call('session.prompt', { sessionId: id, text })));
  }

  /** Resolves when each of the sessions is in this state; rejects when one failed. */
  until(sessions: readonly Session[], state: Session['state']): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const states = sessions.map(({ id }) => this.sessions.get(id)?.state);
        const hasFailed = state !== 'failed' && states.includes('failed');
        if (!hasFailed && states.some((one) => one !== state)) return;
        this.#looks.delete(look);
        if (hasFailed) reject(new Error(`an agent failed: ${this.farhand.printed.slice(-2000)}`));
        else resolve();
      };
      this.#looks.add(look);
      look();
    });
  }

  disconnect(): void {
    this.#socket.close();
  }

  async stop(): Promise<void> {
    this.disconnect();
    await this.farhand.stop();
    await this.model.close();
    await this.sshd.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
