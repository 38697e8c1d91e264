/** The keys of an ssh agent, those included that ssh2 cannot use: to say so is better than to be silent. */
import { connect } from 'node:net';

/** In wire form, in the agent's order. Empty where no agent answers. */
export function agentKeys(path: string): Promise<Buffer[]> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (keys: Buffer[]) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(keys);
    };
    // An agent that asks a person before it lists is none that we wait for.
    const timer = setTimeout(() => finish([]), LIST_TIMEOUT_MS);
    socket.once('error', () => finish([]));
    socket.once('close', () => finish([]));
    socket.once('connect', () => socket.write(Buffer.from([0, 0, 0, 1, REQUEST_IDENTITIES])));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > ANSWER_LIMIT) return finish([]);
      const answer = Buffer.concat(chunks);
      if (answer.length >= 4 && answer.length >= 4 + answer.readUInt32BE(0)) finish(readKeys(answer));
    });
  });
}

const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
const LIST_TIMEOUT_MS = 5_000;
const ANSWER_LIMIT = 1024 * 1024;

function readKeys(answer: Buffer): Buffer[] {
  if (answer[4] !== IDENTITIES_ANSWER) return [];
  const keys: Buffer[] = [];
  let at = 9;
  const field = () => {
    const length = answer.readUInt32BE(at);
    const bytes = answer.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return bytes;
  };
  try {
    for (let left = answer.readUInt32BE(5); left > 0; left--) {
      keys.push(Buffer.from(field()));
      field();
    }
  } catch {
    // A short answer: what was whole counts.
  }
  return keys;
}
