import type { Workspace } from '@farhand/shared/model/workspaces';
import type { Client } from './client.ts';

/** The workspace once it can be worked in; rejects with its steps where it failed. */
export async function untilReady(client: Client, id: Workspace['id']): Promise<Workspace> {
  const socket = await client.connect();
  const workspace = await new Promise<Workspace>((resolve, reject) => {
    const look = (value: Workspace) => {
      if (value.id !== id) return;
      if (value.state === 'ready') resolve(value);
      if (value.state === 'failed') reject(new Error(JSON.stringify(value.steps)));
    };
    socket.onFrame = (frame) => {
      if (frame.type === 'snapshot')
        for (const entity of frame.entities) if (entity.kind === 'workspace') look(entity.value);
      if (frame.type === 'changed' && frame.entity.kind === 'workspace') look(frame.entity.value);
    };
    socket.send({ type: 'subscribe', sub: 1, topic: { kind: 'state' } });
  });
  socket.close();
  return workspace;
}
