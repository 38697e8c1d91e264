import type { Approval } from '@farhand/shared/model/approvals';
import type { HostId } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import { describe, expect, it } from 'vitest';
import { createNewsReader } from './news.ts';

const news = createNewsReader({ workspace: () => 'fix', sessionTitle: () => 'Checkout' });
const asked = (part: Partial<Approval>) => {
  const value = {
    id: newId('approval'),
    sessionId: null,
    workspaceId: null,
    hostId: 'prod' as HostId,
    by: { kind: 'token', name: 'deploy-bot' },
    title: 'Run uptime',
    decision: null,
    ...part,
  } as Approval;
  return { value, news: news({ type: 'changed', entity: { kind: 'approval', value } }) };
};

describe('the news of a question', () => {
  it('says who asks where no session does, and leads to the question itself', () => {
    const alone = asked({});
    expect(alone.news).toEqual({
      title: 'prod',
      body: 'Token deploy-bot asks: Run uptime',
      tag: alone.value.id,
      workspaceId: null,
      sessionId: null,
      approvalId: alone.value.id,
    });
    expect(asked({ workspaceId: newId('workspace') }).news).toMatchObject({ title: 'fix' });
  });

  it('leads to the session that asks', () => {
    const [workspaceId, sessionId] = [newId('workspace'), newId('session')];
    expect(asked({ workspaceId, sessionId }).news).toEqual({
      title: 'fix',
      body: 'Checkout asks: Run uptime',
      tag: sessionId,
      workspaceId,
      sessionId,
    });
  });
});
