import type { Session } from '@farhand/shared/model/sessions';
import type { Client } from '../e2e/support/client.ts';

/** Lays a workspace out as one place with these sessions as its tabs, `active` in front. */
export async function layOutAsTabs(
  client: Client,
  sessions: readonly Session[],
  active: Session,
): Promise<void> {
  const [first] = sessions;
  if (!first) return;
  const panels = Object.fromEntries(
    sessions.map(({ id, workspaceId }) => [
      id,
      { id, params: { kind: 'agent', workspaceId, sessionId: id } },
    ]),
  );
  const group = { id: '1', views: sessions.map(({ id }) => id), activeView: active.id };
  const root = { type: 'branch', data: [{ type: 'leaf', data: group, size: 1000 }], size: 800 };
  const grid = { root, width: 1000, height: 800, orientation: 'HORIZONTAL' };
  const value = JSON.stringify({ grid, panels, activeGroup: '1' });
  await client.call('preference.set', { name: `layout.${active.workspaceId}`, value });
}
