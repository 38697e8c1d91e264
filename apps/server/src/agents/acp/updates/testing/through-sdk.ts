import { agent, client, type SessionUpdate } from '@agentclientprotocol/sdk';

/** These updates as they arrive when an agent sends them by the protocol's own library, which checks them on both sides. */
export async function throughSdk(updates: readonly SessionUpdate[]): Promise<SessionUpdate[]> {
  const got: SessionUpdate[] = [];
  const receiver = client()
    .onNotification('session/update', ({ params }) => void got.push(params.update))
    .onRequest(
      'test/end',
      (params) => params,
      () => ({}),
    );
  const connection = agent().connect(receiver);
  const peer = connection.client;
  for (const update of updates) await peer.notify('session/update', { sessionId: 's', update });
  await peer.request('test/end', {});
  connection.close();
  return got;
}
