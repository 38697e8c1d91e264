import type { ClientConnection } from '@agentclientprotocol/sdk';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { JobSpec } from '@farhand/shared/runtime/port';
import type { AgentSession } from '../../agent.ts';
import { Interrupted } from '../../builtin/interrupted.ts';
import { SteadyHost } from '../../builtin/steady-host.ts';
import { type ClientServices, connectClient } from './client.ts';
import { endedError, lastLines } from './errors.ts';
import { JobPipe } from './job-pipe.ts';
import type { SessionRecord } from './session-record.ts';
import { Wire } from './wire.ts';

interface LinkOptions {
  readonly session: Pick<AgentSession, 'place' | 'secrets' | 'reports'> &
    Partial<Pick<AgentSession, 'transcript'>>;
  readonly record: SessionRecord;
  /** Starts the program that the record has as its job; null for one that runs. */
  readonly spec: JobSpec | null;
  /** What the agent can ask for. */
  readonly services: ClientServices;
  /** Takes the params of a `session/update` in, at once; they were not looked at. */
  readonly onUpdate: (params: unknown) => void;
  /** The agent wrote a line that is no message, though it had begun with the protocol. */
  readonly onNonsense: () => void;
}

interface CallOptions {
  /** Under which a later server finds the answer; without one nobody waits for it any more. */
  readonly key?: string;
  /** After which it is `agent.not_responding`; time without contact does not count. */
  readonly withinMs?: number;
}

/** The connection to one session's agent: the protocol over its job, as long as this server lives or the program does. */
export class Link {
  readonly record: SessionRecord;
  /** Why it ended. */
  readonly ended: Promise<FarhandError | Interrupted>;
  readonly #session: LinkOptions['session'];
  readonly #wire: Wire;
  readonly #pipe: JobPipe;
  readonly #client: ClientConnection;
  readonly #stop = new AbortController();
  #resolveEnd: (why: FarhandError | Interrupted) => void = () => {};
  #isLost = false;
  #end: FarhandError | Interrupted | null = null;

  constructor({ session, record, spec, services, onUpdate, onNonsense }: LinkOptions) {
    this.#session = session;
    this.record = record;
    const { runtime, stopJob } = session.place;
    const host = new SteadyHost({
      runtime,
      stopJob,
      signal: this.#stop.signal,
      onContactLost: (isLost) => {
        this.#isLost = isLost;
        session.reports.contactLost(isLost);
      },
    });
    const jobId = record.state.job?.id;
    if (!jobId) throw new TypeError('a link is to a job');
    const wire = new Wire({
      record,
      onOutbox: () => this.#pipe.pump(),
      onNonsense: (text) => {
        if (text === null) return this.#finish(new FarhandError('agent.message_too_large'));
        this.#pipe.tail.add(`${text}\n`);
        if (wire.hasSpoken) onNonsense();
      },
      onUpdate: (params, takenIn) => this.#apply(onUpdate, params, takenIn),
    });
    this.#wire = wire;
    this.#pipe = new JobPipe({
      host,
      record,
      spec,
      start: wire.start,
      onLine: (line) => wire.take(line),
      onLost: (to) => {
        wire.lost(to);
        this.#finish(new FarhandError('agent.output_lost'));
      },
      onWritten: () => wire.drained(),
      onStuck: (why) => this.#finish(why),
    });
    this.#client = connectClient(wire.stream, services, jobId);
    this.ended = new Promise((resolve) => (this.#resolveEnd = resolve));
    this.#pipe.run().then(
      (exit) => this.#finish(endedError(exit, this.said(), !wire.hasSpoken)),
      (error: unknown) => {
        if (error instanceof Interrupted) return this.#finish(error);
        const isGone = FarhandError.is(error, 'job.not_found');
        this.#finish(
          isGone ? endedError({ kind: 'lost' }, this.said(), !wire.hasSpoken) : FarhandError.from(error),
        );
      },
    );
  }

  /** Why it is of no use any more; null while it is. */
  get end(): FarhandError | Interrupted | null {
    return this.#end;
  }

  /** The last of what the agent wrote beside the protocol, secrets redacted. */
  said(): string {
    return lastLines(this.#pipe.tail.text, this.#session.secrets.redactor());
  }

  /** The agent's answer, also to a call that a former server made. Throws `RequestError`, why the link ended, `agent.not_responding`. */
  async call<Answer>(method: string, params: object, { key, withinMs }: CallOptions = {}): Promise<Answer> {
    if (this.#end) throw this.#end;
    if (key !== undefined) this.#wire.name(params, key);
    const deadline = this.#deadline(method, withinMs);
    try {
      const answer = this.#client.agent.request<Answer, object>(method, params);
      answer.catch(() => {});
      return await Promise.race([answer, deadline.passed, this.ended.then((why) => Promise.reject(why))]);
    } finally {
      clearTimeout(deadline.timer());
    }
  }

  notify(method: string, params: object): void {
    if (!this.#end) this.#client.agent.notify(method, params).catch(() => {});
  }

  /** Lets go of the program, which runs on. */
  detach(): void {
    this.#finish(new Interrupted('close'));
  }

  #apply(onUpdate: (params: unknown) => void, params: unknown, takenIn: () => void): void {
    const take = () => {
      onUpdate(params);
      takenIn();
    };
    if (this.#session.transcript) this.#session.transcript.together(take);
    else take();
  }

  #finish(why: FarhandError | Interrupted): void {
    if (this.#end) return;
    this.#end = why;
    this.#stop.abort('close');
    this.#resolveEnd(why);
    this.#wire.end(why);
    this.#client.close(why);
  }

  #deadline(method: string, withinMs: number | undefined) {
    let timer: NodeJS.Timeout | undefined;
    const passed = new Promise<never>((_, reject) => {
      const arm = () => {
        timer = setTimeout(() => {
          if (this.#isLost) return arm();
          const said = this.said();
          reject(
            new FarhandError('agent.not_responding', {
              message: `The agent did not answer ${method} within ${Math.round((withinMs ?? 0) / 1000)} seconds.`,
              hint: `${new FarhandError('agent.not_responding').hint}${said === '' ? '' : ` It said: ${said}`}`,
              details: { method, said },
            }),
          );
        }, withinMs).unref();
      };
      if (withinMs !== undefined) arm();
    });
    passed.catch(() => {});
    return { passed, timer: () => timer };
  }
}
