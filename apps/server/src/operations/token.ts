import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  type SessionId,
  sessionId as sessionIdOf,
  type WorkspaceId,
  workspaceId as workspaceIdOf,
} from '@farhand/shared/model/ids';

/** For whom a token was made: one session, or the terminals of a workspace (null). */
interface TokenHolder {
  readonly workspaceId: WorkspaceId;
  readonly sessionId: SessionId | null;
}

/**
 * Tokens of `farhand-op`. They are no key to anything: one counts only in a request that came by the folder of its own
 * workspace, and says for which session it was made. Nothing of them is stored.
 */
export interface OperationTokens {
  make(holder: TokenHolder): string;
  /** Whose it is; null for one that was not made here, or for another workspace. */
  check(token: string, workspaceId: WorkspaceId): TokenHolder | null;
}

const FORM = /^([a-z]{2,3}_[a-z2-7]{20})\.([0-9a-f]{24})\.([0-9a-f]{64})$/;

export function createOperationTokens(key: () => Uint8Array): OperationTokens {
  const mac = (workspaceId: WorkspaceId, subject: string, nonce: string) =>
    createHmac('sha256', key()).update(`farhand-op ${workspaceId} ${subject} ${nonce}`).digest();
  return {
    make({ workspaceId, sessionId }) {
      const subject = sessionId ?? workspaceId;
      const nonce = randomBytes(12).toString('hex');
      return `${subject}.${nonce}.${mac(workspaceId, subject, nonce).toString('hex')}`;
    },
    check(token, workspaceId) {
      const [, subject = '', nonce = '', given = ''] = FORM.exec(token) ?? [];
      const isOurs = timingSafeEqual(
        mac(workspaceId, subject, nonce),
        Buffer.from(given.padStart(64, '0').slice(0, 64), 'hex'),
      );
      if (given === '' || !isOurs) return null;
      const sessionId = sessionIdOf.safeParse(subject).data ?? null;
      if (sessionId === null && workspaceIdOf.safeParse(subject).data !== workspaceId) return null;
      return { workspaceId, sessionId };
    },
  };
}
