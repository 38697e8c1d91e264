/** What agents say when they fail, as our errors. */
import { stripVTControlCharacters } from 'node:util';
import { RequestError } from '@agentclientprotocol/sdk';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Exit } from '@farhand/shared/model/terminals';
import type { Redactor } from '../../../secrets/redactor.ts';

/** JSON-RPC's and the protocol's own numbers. */
const METHOD_NOT_FOUND = -32_601;
const AUTH_REQUIRED = -32_000;
/** What a person is shown of an agent's own words. */
const LONGEST_WORDS = 600;
const LAST_LINES = 8;

/** How a program ended, in words. */
function exitWords(exit: Exit): string {
  switch (exit.kind) {
    case 'exited':
      return `with status ${exit.code}`;
    case 'signaled':
      return `by ${exit.signal}`;
    case 'rebooted':
      return 'as its host was started anew';
    case 'lost':
      return 'and nobody saw how';
  }
}

/** The last lines of what an agent wrote beside its protocol, without control characters; empty where it wrote none. */
export function lastLines(tail: string, redactor: Redactor): string {
  const lines = plain(redactor.text(tail))
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.slice(-LAST_LINES).join('\n').slice(-LONGEST_WORDS);
}

/** The program ended. `isStart`: before it had answered anything. */
export function endedError(exit: Exit, said: string, isStart: boolean): FarhandError {
  const words = said === '' ? '' : ` It said: ${said}`;
  return isStart
    ? new FarhandError('agent.start_failed', {
        message: `The agent ended as it started, ${exitWords(exit)}.`,
        hint: `${new FarhandError('agent.start_failed').hint}${words}`,
        details: { exit, said },
      })
    : new FarhandError('agent.died', {
        message: `The agent ended in the middle of its work, ${exitWords(exit)}.`,
        hint: `${new FarhandError('agent.died').hint}${words}`,
        details: { exit, said },
      });
}

/** True where the agent wants a person to sign in first. */
export function needsLogin(thrown: unknown): boolean {
  return thrown instanceof RequestError && thrown.code === AUTH_REQUIRED;
}

/** True where it does not know what it was asked for, whatever it advertised. */
export function isMethodMissing(thrown: unknown): boolean {
  return thrown instanceof RequestError && thrown.code === METHOD_NOT_FOUND;
}

/** True for an answer that says no: the agent itself is well. */
export function isRefusal(thrown: unknown): boolean {
  return thrown instanceof RequestError && !needsLogin(thrown);
}

/** What was thrown while the agent was asked for something, as an error of ours. */
export function agentError(thrown: unknown, redactor: Redactor): FarhandError {
  if (!(thrown instanceof RequestError)) return FarhandError.from(thrown);
  if (needsLogin(thrown)) return new FarhandError('agent.login_needed');
  const data = detailsOf(thrown.data);
  const said = [thrown.message, data].filter((part) => part !== '').join(': ');
  return new FarhandError('agent.failed', {
    message: `The agent could not do it: ${plain(redactor.text(said)).slice(0, LONGEST_WORDS)}`,
    details: { code: thrown.code },
  });
}

function detailsOf(data: unknown): string {
  if (typeof data === 'string') return data;
  if (typeof data !== 'object' || data === null) return '';
  const words = 'details' in data ? data.details : 'message' in data ? data.message : '';
  return typeof words === 'string' ? words : '';
}

// Control characters but the newline are no words.
function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n]/gu, '');
}
