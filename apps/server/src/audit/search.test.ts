import { hostId } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { CallInput } from '@farhand/shared/protocol/calls';
import { auditCalls } from '@farhand/shared/protocol/calls/audit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entry, type OpenedAudit, openTestAudit } from './testing/open-audit.ts';

describe('searching the log', () => {
  const workspaceId = newId('workspace');
  const sessionId = newId('session');
  let nowMs = Date.parse('2026-03-01T00:00:00Z');
  let opened: OpenedAudit;

  beforeAll(() => {
    opened = openTestAudit(() => nowMs);
    const { audit } = opened;
    audit.record(entry({ summary: 'rm -rf build', hostId: hostId.parse('prod'), workspaceId, sessionId }));
    audit.record(entry({ kind: 'exit', summary: 'Exited with 0', facts: { command: 1, code: 0 } }));
    nowMs += 60_000;
    audit.record(entry({ summary: 'say "a\\b" 100% _x', actor: { kind: 'page', name: null } }));
    audit.record(entry({ kind: 'exit', summary: 'Exited with 2', facts: { command: 3, code: 2 } }));
    audit.record(entry({ kind: 'exit', summary: 'Ended by SIGKILL', facts: { end: 'signaled' } }));
    audit.record(
      entry({
        kind: 'file',
        summary: 'Wrote /Ä',
        facts: { path: '/Über "x"' },
        actor: { kind: 'token', name: 'ci' },
      }),
    );
  });
  afterAll(() => opened.remove());

  const find = async (given: CallInput<'audit.search'>) => {
    const { events } = await opened.audit.search(auditCalls['audit.search'].input.parse(given));
    return events.map(({ seq }) => seq);
  };

  it.each<[string, CallInput<'audit.search'>, number[]]>([
    ['everything, the newest first', {}, [6, 5, 4, 3, 2, 1]],
    ['words that all stand in it', { text: 'BUILD rm' }, [1]],
    ['nothing where one word is missing', { text: 'rm other' }, []],
    ['signs as they are, not as wildcards', { text: '100% _x' }, [3]],
    ['quotes and backslashes', { text: '"a\\b"' }, [3]],
    ['within the facts', { text: 'Über "x"' }, [6]],
    ['a name of who did it', { text: 'CI' }, [6]],
    ['a host by a part of its name', { text: 'pro' }, [1]],
    ['kinds', { kinds: ['file', 'command'] }, [6, 3, 1]],
    ['a host', { hostId: hostId.parse('prod') }, [1]],
    ['a workspace', { workspaceId }, [1]],
    ['a session', { sessionId }, [1]],
    ['a kind of actor', { actor: 'page' }, [3]],
    ['the name of an actor', { actor: 'ci' }, [6]],
    ['ends that went well', { exit: 'ok' }, [2]],
    ['ends that did not', { exit: 'failed' }, [5, 4]],
    ['one exit status', { exit: 2 }, [4]],
    ['from a time on', { since: '2026-03-01T00:00:30Z' }, [6, 5, 4, 3]],
    ['before a time', { until: '2026-03-01T00:00:30Z' }, [2, 1]],
    ['what came after a number', { after: 4 }, [6, 5]],
  ])('finds %s', async (_what, given, seqs) => {
    expect(await find(given)).toEqual(seqs);
  });

  it('gives parts that together are everything', async () => {
    const seen: number[] = [];
    let before: number | null = null;
    do {
      const input = auditCalls['audit.search'].input.parse({ before, limit: 2 });
      const { events, next, last } = await opened.audit.search(input);
      seen.push(...events.map(({ seq }) => seq));
      expect(last).toBe(6);
      before = next;
    } while (before !== null);
    expect(seen).toEqual([6, 5, 4, 3, 2, 1]);
  });
});
