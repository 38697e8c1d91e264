import { LOCAL_HOST as SHARED_LOCAL_HOST } from '@farhand/shared/model/hosts';
import { comparisonId, newId, sessionId, terminalId, workspaceId } from '@farhand/shared/model/ids';
import { describe, expect, it } from 'vitest';
import { LOCAL_HOST, readComparisonId, readSessionId, readTerminalId, readWorkspaceId } from './ids.ts';

describe.each([
  ['workspace', readWorkspaceId, workspaceId],
  ['session', readSessionId, sessionId],
  ['terminal', readTerminalId, terminalId],
  ['comparison', readComparisonId, comparisonId],
] as const)('the reader of a %s id', (noun, read, schema) => {
  const good = newId(noun);

  it('takes what the shared model takes', () => {
    expect(read(good)).toBe(good);
  });

  it.each([null, 7, '', `${good}a`, good.slice(0, -1), good.toUpperCase(), `x${good}`, newId('project')])(
    'refuses %j, as the shared model does',
    (value) => {
      expect(schema.safeParse(value).success).toBe(false);
      expect(read(value)).toBeNull();
    },
  );
});

it('calls the own machine as the shared model does', () => {
  expect(LOCAL_HOST).toBe(SHARED_LOCAL_HOST);
});
