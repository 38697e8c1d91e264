import { newId } from '@farhand/shared/model/ids';
import { describe, expect, it } from 'vitest';
import { isShownBy } from './live-panes.ts';

describe('isShownBy', () => {
  it('knows a pane by what it shows', () => {
    const workspaceId = newId('workspace');
    const sessionId = newId('session');
    const have = { sessions: { [sessionId]: {} as never }, terminals: {}, workspaces: {} };
    expect(isShownBy(have, { kind: 'agent', workspaceId, sessionId })).toBe(true);
    expect(isShownBy(have, { kind: 'terminal', workspaceId, terminalId: newId('terminal') })).toBe(false);
    expect(isShownBy(have, { kind: 'diff', workspaceId, path: 'a' })).toBe(false);
  });
});
