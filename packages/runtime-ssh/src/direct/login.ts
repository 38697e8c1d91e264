/** One direct connection: how it is made and signed in, why it is not, and that nothing of it is left. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type AuthHandlerMiddleware, Client, type HostVerifier } from 'ssh2';
import { readSshError } from '../errors.ts';
import type { MasterOptions } from '../masters/master.ts';
import { watchRefusals } from '../masters/ssh2-proxied.ts';
import { algorithmsFor } from './algorithms.ts';
import { tellCertificates } from './certificates.ts';
import { readDirectError } from './errors.ts';
import { HostKeyCheck } from './host-key.ts';
import { Patience } from './patience.ts';
import { ProxySocket } from './proxy-socket.ts';
import { Asker } from './questions.ts';
import { type DirectSettings, directUnsupported } from './settings.ts';
import { SignIn } from './sign-in.ts';
import { type DirectSocket, openDirectSocket } from './socket.ts';

const KEEPALIVE_INTERVAL_MS = 3_000;
/** Unanswered pings that are borne; with one more interval, a frozen link ends after nine seconds. */
const KEEPALIVE_COUNT = 2;
/** For our goodbye to leave, and the host to hang up. */
const GOODBYE_MS = 300;
const WORDS_LIMIT = 2_000;

export class DirectLogin {
  readonly client = new Client();
  readonly #options: MasterOptions;
  readonly #settings: DirectSettings;
  readonly #signal: AbortSignal;
  readonly #hostKey: HostKeyCheck;
  readonly #signIn: SignIn;
  readonly #patience: Patience;
  #socket: DirectSocket | null = null;
  #closed: Promise<void> = Promise.resolve();
  /** What the host says besides the protocol: why it takes nobody now, for one. */
  #hostWords = '';
  #hasKeys = false;
  #isOver = false;

  constructor(options: MasterOptions, settings: DirectSettings, signal: AbortSignal) {
    this.#options = options;
    this.#settings = settings;
    this.#signal = signal;
    this.#patience = new Patience(settings.connectTimeoutMs);
    const asker = new Asker({
      questions: options.questions,
      questionTimeoutMs: options.questionTimeoutMs,
      signal,
      onAsking: (isAsking) => (isAsking ? this.#patience.stop() : this.#patience.start()),
    });
    this.#hostKey = new HostKeyCheck(options.hostId, settings, asker);
    this.#signIn = new SignIn(settings, asker);
  }

  /** Resolves when it is signed in. To be followed by `close` in any case. */
  async run(): Promise<void> {
    let fail: (reason: unknown) => void = () => {};
    const failed = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const giveUp = () => fail(this.#signal.reason);
    this.#signal.addEventListener('abort', giveUp);
    this.#patience.onEnd = () => fail(new Error('Timed out during banner exchange'));
    this.#patience.start();
    try {
      await Promise.race([this.#connect(fail), failed]);
    } catch (error) {
      const { hasAgentCertificate } = this.#signIn.notes;
      throw tellCertificates(await this.#explain(error), this.#settings, hasAgentCertificate);
    } finally {
      this.#signal.removeEventListener('abort', giveUp);
      this.#patience.end();
    }
  }

  destroy(): void {
    this.#socket?.destroy();
  }

  /** Says goodbye, and leaves nothing behind: no socket, no proxy. */
  async close(): Promise<void> {
    this.#isOver = true;
    const socket = this.#socket;
    if (socket === null) return;
    this.client.end();
    const timer = setTimeout(() => socket.destroy(), GOODBYE_MS);
    await this.#closed;
    clearTimeout(timer);
    if (socket instanceof ProxySocket) await socket.exited;
  }

  async #connect(fail: (reason: unknown) => void): Promise<void> {
    const algorithms = algorithmsFor(this.#options.hostId, this.#settings, this.#hostKey.knownTypes());
    const socket = await openDirectSocket(this.#options, this.#settings);
    this.#socket = socket;
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()));
    if (this.#isOver) return void socket.destroy();
    const { client } = this;
    const ready = new Promise<void>((resolve) => client.once('ready', resolve));
    client.on('error', (error: Error & { level?: string }) => {
      // Without a signature from the agent there are other keys, and other ways.
      if (error.level === 'agent') this.#signIn.notes.words.push(error.message);
      else fail(error);
    });
    client.once('close', () => fail(new Error('Connection lost before sign-in')));
    client.on('change password', () => fail(this.#failure('Your password has expired.')));
    client.on('banner', (words) => this.#hear(words));
    client.once('handshake', () => this.#onKeys());
    client.connect({
      sock: socket,
      username: this.#settings.user,
      // Ours instead: none may run while a person thinks.
      readyTimeout: 0,
      keepaliveInterval: KEEPALIVE_INTERVAL_MS,
      keepaliveCountMax: KEEPALIVE_COUNT,
      algorithms,
      hostVerifier: this.#verifier(fail),
      authHandler: ((_methods, _isPartial, next) => {
        this.#patience.start();
        this.#signIn
          .next()
          .then((attempt) => (attempt === null ? fail(this.#refusal()) : next(attempt)), fail);
      }) satisfies AuthHandlerMiddleware,
    });
    watchRefusals(client, (methods) => this.#signIn.refused(methods));
    // ssh2 has stopped the flow until it listens itself. Before its name, a host may say why it has no time.
    const hear = (chunk: Buffer) =>
      this.#hasKeys || this.#hear(chunk.toString('latin1').split('SSH-')[0] ?? '');
    socket.once('data', hear);
    await ready;
  }

  #verifier(fail: (reason: unknown) => void): HostVerifier {
    return (key, answer) => {
      // ssh2 keeps the bytes for later use.
      this.#hostKey.verify(Buffer.from(key)).then(
        () => answer(true),
        (error: unknown) => {
          fail(error);
          answer(false);
        },
      );
    };
  }

  #onKeys(): void {
    this.#hasKeys = true;
    try {
      // The host has proved by now that the key is its own.
      this.#hostKey.remember();
    } catch {
      // The connection is as good; the question comes again.
    }
  }

  #hear(words: string): void {
    this.#hostWords = (this.#hostWords + words).slice(0, WORDS_LIMIT);
  }

  async #explain(error: unknown): Promise<unknown> {
    if (this.#signal.aborted || FarhandError.is(error)) return error;
    if (/Too many authentication failures/.test(String(error))) return this.#tooManyKeys(error);
    const socket = this.#socket;
    const isProxied = socket instanceof ProxySocket;
    if (isProxied) {
      socket.destroy();
      await socket.exited;
    }
    return readDirectError(error, {
      ...this.#settings,
      hostId: this.#options.hostId,
      ...(this.#options.destination && { destination: this.#options.destination }),
      hasKeys: this.#hasKeys,
      hostWords: this.#hostWords,
      proxyStderr: isProxied ? socket.stderr : null,
    });
  }

  /** Why nobody could be signed in: all ways were tried. */
  #refusal(): FarhandError {
    const { hostId } = this.#options;
    const { lockedPath, unsupported } = this.#signIn.notes;
    if (lockedPath !== null) {
      return new FarhandError('host.needs_input', {
        message: `The key ${lockedPath} has a passphrase and is not loaded in an ssh agent.`,
        hint: `Run \`ssh-add ${lockedPath}\`, then try again.`,
        details: { hostId },
      });
    }
    if (unsupported.length > 0) return directUnsupported(hostId, unsupported.join(', '));
    if (this.#signIn.keysLeft > 0) return this.#tooManyKeys();
    return this.#failure(`Permission denied (${this.#signIn.methods.join(',')}).`);
  }

  #tooManyKeys(cause?: unknown): FarhandError {
    const { hostId } = this.#options;
    const { keysOffered, keysLeft } = this.#signIn;
    return new FarhandError('host.too_many_keys', {
      message: `${hostId} takes no more tries: ${keysOffered} of ${keysOffered + keysLeft} keys were offered, and none was its.`,
      details: { hostId },
      cause,
    });
  }

  #failure(words: string): FarhandError {
    const { user, hostname } = this.#settings;
    const lines = [this.#hostWords, ...this.#signIn.notes.words, `${user}@${hostname}: ${words}`];
    return readSshError(lines.join('\n'), this.#options);
  }
}
