import { BUILTIN_AGENT } from '@farhand/shared/model/agents';
import { LOCAL_HOST } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import type { Runtime } from '@farhand/shared/runtime/port';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../secrets/redactor.ts';
import type { AgentTurn } from '../agent.ts';
import { newCallItem } from './answer-items.ts';
import { runCall } from './run-call.ts';
import { SteadyHost } from './steady-host.ts';
import { createToolbox } from './tools/toolbox.ts';
import { TOOLS } from './tools/tools.ts';

describe('runCall', () => {
  it('ends the job of a call that a former server began, though the stop comes before it is taken up', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const exit: Exit = { kind: 'signaled', signal: 'SIGTERM' };
    const stopped: string[] = [];
    const stopJob = async (id: string) => {
      stopped.push(id);
      return { state: 'done', exit } as const;
    };
    // Nothing is asked of the host but the stop.
    const runtime = {} as Runtime;
    const shown: TranscriptItem[] = [];
    const turn: AgentTurn = {
      sessionId: newId('session'),
      turnId: newId('turn'),
      prompt: 'go',
      model: 'scripted',
      attachments: [],
      agent: BUILTIN_AGENT,
      place: {
        workspaceId: newId('workspace'),
        projectId: newId('project'),
        hostId: LOCAL_HOST,
        directory: '/w',
        runtime,
        sandbox: () => 'none',
        stopJob,
        openTerminal: () => Promise.reject(new Error('no terminal in this test')),
      },
      approvals: { ask: async () => ({ kind: 'allowed', scope: 'policy', command: null }) },
      controls: { get: () => null, set: () => {} },
      secrets: { environment: () => ({}), redactor: () => createRedactor({}) },
      transcript: {
        put: (item) => void shown.push(item),
        append: () => {},
        flush: () => {},
        together: (work) => work(),
        alongside: () => () => {},
      },
      readItems: () => shown,
      signal,
      reports: {
        used: () => {},
        retrying: () => {},
        contactLost: () => {},
        filesChanged: () => {},
        session: () => {},
      },
    };
    const jobId = newId('job');
    const callId = 'call_1';
    controller.abort('stop');
    const told = await runCall({
      turn,
      toolbox: createToolbox({ tools: TOOLS }),
      host: new SteadyHost({ runtime, stopJob, signal, onContactLost: () => {} }),
      request: { callId, tool: 'bash', input: { command: 'sleep 300' }, problem: null },
      original: undefined,
      item: { ...newCallItem(turn.turnId, callId), tool: 'bash', state: 'running', jobId },
    });
    expect(stopped).toEqual([jobId]);
    expect(told.text).toContain('ended by SIGTERM');
    expect(shown.at(-1)).toMatchObject({ state: 'stopped', exit });
  });
});
