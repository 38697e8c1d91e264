import type { Domains } from '../domains.ts';
import { sessionResultCalls } from './session-results.ts';
import { type CallsOf, done } from './table.ts';

/** Calls about sessions. */
export function sessionCalls(domains: Domains): Omit<CallsOf<'session'>, 'session.set_sandbox'> {
  const { sessions, queue, forks, hostAgents } = domains;
  return {
    ...sessionResultCalls(domains),
    'session.create': ({ workspaceId, model, ...how }) => {
      if (how.agent !== undefined) hostAgents.checkSpeaks(how.agent);
      return { session: sessions.create(workspaceId, model, how) };
    },
    'session.prompt': ({ sessionId, text, ...how }) => done(queue.prompt(sessionId, text, how)),
    'session.stop': ({ sessionId }) => done(sessions.stop(sessionId)),
    'session.delete': ({ sessionId }) => done(sessions.delete(sessionId)),
    'session.set_control': ({ sessionId, control, value }) =>
      done(sessions.setControl(sessionId, control, value)),
    'session.login': async ({ sessionId, loginId }) => ({
      terminal: await sessions.login(sessionId, loginId),
    }),
    'session.rename': ({ sessionId, title }) => done(sessions.rename(sessionId, title)),
    'session.earlier': async ({ workspaceId, agent }) => ({
      sessions: await sessions.earlier(workspaceId, agent),
    }),
    'session.fork': (input) => forks.forkSession(input),
  };
}
