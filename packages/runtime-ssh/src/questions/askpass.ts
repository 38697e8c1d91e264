/** Takes ssh's questions from its helper and gives the answers back, for one login. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { Questions } from '@farhand/shared/runtime/questions';
import type { SshTarget } from '../config.ts';
import { newSocketPath } from '../masters/runtime-directory.ts';
import { writeAskpassProgram } from './askpass-program.ts';
import { readPrompt } from './askpass-prompts.ts';
import { newQuestion, type QuestionParts } from './questions.ts';
import { marksHostPrompts } from './ssh-version.ts';

/** More than ssh's longest prompt. */
const MAX_REQUEST_LENGTH = 64 * 1024;

export interface Askpass {
  /** To be added to the environment of ssh. */
  readonly environment: Readonly<Record<string, string>>;
  /** Refuses what still waits, and takes the helper away. */
  close(): void;
}

export interface AskpassOptions extends Pick<SshTarget, 'sshProgram' | 'environment'> {
  readonly questions: Questions;
  readonly runtimeDirectory?: string | undefined;
  readonly questionTimeoutMs?: number | undefined;
}

/** Listens until closed; ssh must have been started with its `environment` by then. */
export async function openAskpass(options: AskpassOptions): Promise<Askpass> {
  const socketPath = newSocketPath(options.runtimeDirectory, 'q');
  const programPath = newSocketPath(options.runtimeDirectory, 'p');
  const token = randomBytes(32).toString('hex');
  const sockets = new Set<Socket>();
  const canTrustPrompts = await marksHostPrompts(options);
  const login: Login = { options, token, canTrustPrompts, hostKey: null };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, login);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  const removeProgram = writeAskpassProgram(programPath);
  return {
    environment: {
      SSH_ASKPASS: programPath,
      SSH_ASKPASS_REQUIRE: 'force',
      FARHAND_ASKPASS_SOCKET: socketPath,
      FARHAND_ASKPASS_TOKEN: token,
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      removeProgram();
      rmSync(socketPath, { force: true });
    },
  };
}

interface Login {
  readonly options: AskpassOptions;
  readonly token: string;
  /** False where a host can word a prompt as ssh does: then nothing that is remembered is given. */
  readonly canTrustPrompts: boolean;
  /** The question for a host key that ssh asked last: it may ask it again in fewer words. */
  hostKey: QuestionParts | null;
}

function serve(socket: Socket, login: Login): void {
  const gone = new AbortController();
  let received = '';
  socket.on('error', () => socket.destroy());
  // The helper was ended: a key was touched, or ssh itself is gone.
  socket.on('close', () => gone.abort());
  socket.on('end', () => socket.destroy());
  const onData = (text: string) => {
    received += text;
    const end = received.indexOf('\n');
    if (end < 0 && received.length < MAX_REQUEST_LENGTH) return;
    socket.removeListener('data', onData).resume();
    const parts = readRequest(received.slice(0, Math.max(0, end)), login);
    if (parts === null) return void socket.destroy();
    void answer(socket, parts, login, gone.signal);
  };
  socket.setEncoding('utf8').on('data', onData);
}

function readRequest(line: string, login: Login): QuestionParts | null {
  const request = parseRequest(line);
  if (request === null || !isSame(request.token, login.token)) return null;
  const read = readPrompt(request.prompt, request.hint);
  const parts = read === 'again' ? login.hostKey : read;
  if (parts?.kind === 'host_key') login.hostKey = parts;
  return parts && { ...parts, canRemember: parts.canRemember && login.canTrustPrompts };
}

async function answer(socket: Socket, parts: QuestionParts, login: Login, gone: AbortSignal): Promise<void> {
  const { questions, questionTimeoutMs } = login.options;
  const given = await questions.ask(newQuestion(parts, questionTimeoutMs), gone);
  if (given.kind === 'refused') socket.destroy();
  // ssh reads one line.
  else socket.end(`${given.text.split('\n', 1)[0]}\n`);
}

function parseRequest(line: string): { token: string; prompt: string; hint: string } | null {
  try {
    const { token, prompt, hint } = JSON.parse(line) as Record<string, unknown>;
    if (typeof token !== 'string' || typeof prompt !== 'string' || typeof hint !== 'string') return null;
    return { token, prompt, hint };
  } catch {
    return null;
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
