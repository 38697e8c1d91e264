/** Stands in for Coder's API in tests: its answers have the form that Coder documents (docs/reference/api). */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeDeployment {
  readonly url: string;
  readonly token: string;
  /** Status of each workspace by name. */
  readonly workspaces: Map<string, string>;
  /** Paths asked for with a wrong token. */
  readonly refused: string[];
  /** The job of the next build ends so. */
  nextJob: 'succeeded' | 'failed';
  close(): Promise<void>;
}

export async function startFakeDeployment(names: Readonly<Record<string, string>>): Promise<FakeDeployment> {
  const workspaces = new Map(Object.entries(names));
  const builds = new Map<string, { name: string; to: string; looks: number }>();
  const refused: string[] = [];
  const token = 'fake-coder-token';
  const server = createServer(async (request, response) => {
    const answer = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    const url = new URL(request.url ?? '', 'http://localhost');
    if (request.headers['coder-session-token'] !== token) {
      refused.push(url.pathname);
      return answer(401, {
        message: 'You are signed out or your session has expired. Please sign in again.',
      });
    }
    const [, noun = '', id = '', verb = ''] = url.pathname.replace('/api/v2', '').split('/');
    if (noun === 'workspaces' && id === '') {
      const all = [...workspaces].map(([name, status]) => listed(name, status));
      const offset = Number(url.searchParams.get('offset'));
      return answer(200, {
        workspaces: all.slice(offset, offset + Number(url.searchParams.get('limit'))),
        count: all.length,
      });
    }
    if (noun === 'workspaces' && verb === 'builds') {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const { transition } = JSON.parse(Buffer.concat(pieces).toString()) as { transition: string };
      builds.set(`build-${id}`, { name: id.replace('id-', ''), to: transition, looks: 0 });
      return answer(201, build(`build-${id}`, 'pending'));
    }
    const found = builds.get(id);
    if (noun !== 'workspacebuilds' || !found)
      return answer(404, { message: 'Resource not found or you do not have access.' });
    if (verb === 'logs') {
      const after = Number(url.searchParams.get('after'));
      const lines = ['Queued', 'Terraform apply', 'Done'].slice(0, found.looks);
      const rows = lines.map((output, index) => ({
        id: index + 1,
        created_at: '2026-11-21T00:00:00Z',
        log_level: 'info',
        stage: 'Starting',
        output,
      }));
      return answer(
        200,
        rows.filter((row) => row.id > after),
      );
    }
    found.looks += 1;
    if (found.looks < 3) return answer(200, build(id, 'running'));
    if (self.nextJob === 'succeeded')
      workspaces.set(found.name, found.to === 'start' ? 'running' : 'stopped');
    return answer(200, build(id, self.nextJob));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const self: FakeDeployment = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    workspaces,
    refused,
    nextJob: 'succeeded',
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return self;
}

const build = (id: string, status: string) => ({
  id,
  build_number: 4,
  job: { id: 'job', status, ...(status === 'failed' && { error: 'no more disks' }) },
});

const listed = (name: string, status: string) => ({
  id: `id-${name}`,
  name,
  owner_name: 'ada',
  template_name: 'docker',
  outdated: false,
  last_used_at: '2026-11-20T08:00:00Z',
  health: { healthy: true, failing_agents: [] },
  latest_build: { id: 'newest', status, job: { status: 'succeeded' }, resources: [] },
});
