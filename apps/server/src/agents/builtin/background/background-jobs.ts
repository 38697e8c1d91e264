import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type ItemId, type JobId, newId, type SessionId, type TurnId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import type { Database } from '../../../store/database.ts';
import { followJob, overLostContact } from '../../../workspaces/follow-job.ts';
import type { AgentSession } from '../../agent.ts';
import type { Conversation } from '../conversation.ts';
import { exitText } from '../tools/bash/view.ts';
import { plainText } from '../tools/cut.ts';
import { type BackgroundJob, createBackgroundStore } from './background-store.ts';

/** What the model reads of a command's last output, in characters. */
const TAIL = 2000;
/** Read before it, as long as a secret may be: one that begins earlier is known for what it is. */
const LEAD_BYTES = 64 * 1024;

/** Watches the commands that agents left running, and tells of their ends: to the person at once, to the model when it is asked next. */
export interface BackgroundJobs {
  /** A command was started that runs on after its call. */
  started(session: AgentSession, job: { jobId: JobId; itemId: ItemId; title: string }): void;
  /** Watches what the session left running, each once; also again after a restart. A host that is away is waited for. */
  watch(session: AgentSession): void;
  /** Adds a note to the conversation on each that ended since the model was asked last. */
  tell(sessionId: SessionId, conversation: Conversation): void;
  /** A turn is stopped, and with it what it left running: nobody needs to be told of that. */
  dropTurn(session: AgentSession, turnId: TurnId): void;
  /** The session goes. */
  release(sessionId: SessionId): void;
  /** Watches nothing more; the commands run on. */
  close(): void;
}

export function createBackgroundJobs(db: Database): BackgroundJobs {
  const store = createBackgroundStore(db);
  const watched = new Map<JobId, { sessionId: SessionId; controller: AbortController }>();
  const unwatch = (jobId: JobId) => {
    watched.get(jobId)?.controller.abort();
    watched.delete(jobId);
  };
  const follow = async (session: AgentSession, job: BackgroundJob, signal: AbortSignal) => {
    const exit = await exitOf(session, job.jobId, signal);
    const tail = exit === 'detached' ? '' : await tailOf(session, job.jobId);
    if (exit === 'detached' || signal.aborted) return;
    const stored = () => {
      watched.delete(job.jobId);
      store.ended(job.jobId, { exit, tail });
    };
    if (!show(session, { job, exit }, stored)) stored();
  };
  const watch = (session: AgentSession) => {
    for (const job of store.of(session.sessionId)) {
      if (job.end !== null || watched.has(job.jobId)) continue;
      const controller = new AbortController();
      watched.set(job.jobId, { sessionId: session.sessionId, controller });
      // What goes wrong leaves the row: the next turn, or the next start, watches it again.
      follow(session, job, controller.signal).catch(() => watched.delete(job.jobId));
    }
  };
  return {
    watch,
    started(session, job) {
      const title = session.secrets.redactor().text(job.title).slice(0, 300);
      store.add({ ...job, sessionId: session.sessionId, title });
      watch(session);
    },
    tell(sessionId, conversation) {
      const ended = store.of(sessionId).filter(({ end }) => end !== null);
      if (ended.length === 0) return;
      const known = stoppedByModel(conversation);
      const notes = ended.filter(({ jobId }) => !known.has(jobId)).map(noteOf);
      store.takeEnded(ended, () => {
        if (notes.length > 0) conversation.add({ role: 'user', text: notes.join('\n\n') });
      });
    },
    dropTurn(session, turnId) {
      const jobs = store.of(session.sessionId);
      if (jobs.length === 0) return;
      const own = new Set(session.readItems().flatMap((item) => (item.turnId === turnId ? [item.id] : [])));
      for (const { itemId, jobId } of jobs) {
        if (!own.has(itemId)) continue;
        unwatch(jobId);
        store.remove(jobId);
      }
    },
    release(sessionId) {
      for (const [jobId, one] of watched) if (one.sessionId === sessionId) unwatch(jobId);
    },
    close() {
      for (const jobId of watched.keys()) unwatch(jobId);
    },
  };
}

async function exitOf(
  { place }: AgentSession,
  jobId: JobId,
  signal: AbortSignal,
): Promise<Exit | 'detached'> {
  const { runtime } = place;
  try {
    const record = await overLostContact(runtime, () => runtime.jobs.get(jobId), { signal });
    if (record === 'detached') return record;
    if (record.status.state === 'ended') return record.status.exit;
    // Only its end is wanted: what it printed so far is not sent, what it prints from now on is passed over.
    const after = { out: record.outBytes, err: record.errBytes };
    return await followJob(runtime, jobId, { after, signal, onOutput() {} });
  } catch (thrown) {
    if (FarhandError.is(thrown) && thrown.code === 'job.not_found') return { kind: 'lost' };
    throw thrown;
  }
}

async function tailOf({ place, secrets }: AgentSession, jobId: JobId): Promise<string> {
  const { jobs } = place.runtime;
  try {
    const { outBytes } = await jobs.get(jobId);
    const from = Math.max(0, outBytes - LEAD_BYTES - TAIL);
    const redacted = secrets.redactor().bytes();
    const pieces: Uint8Array[] = [];
    for (let at = from; at < outBytes; ) {
      const { offset, bytes } = await jobs.read(jobId, 'out', at, outBytes - at);
      if (bytes.length === 0) break;
      pieces.push(redacted.push(bytes));
      at = offset + bytes.length;
    }
    pieces.push(redacted.end());
    return plainText(new TextDecoder().decode(Buffer.concat(pieces)))
      .slice(-TAIL)
      .trim();
  } catch {
    // The end is what counts; read_output says more.
    return '';
  }
}

// False where there is nothing to show it with. `store` is called in the transaction that stores what is shown: a server
// that is killed tells of it once.
function show(
  { transcript, readItems, reports }: AgentSession,
  { job, exit }: { job: BackgroundJob; exit: Exit },
  store: () => void,
): boolean {
  const call = readItems().find(({ id }) => id === job.itemId);
  if (call?.kind !== 'tool_call') return false;
  const unfollow = transcript.alongside(() => {
    store();
    return () => {
      unfollow();
      // Its newest number has changed, which marks it as unseen.
      reports.session({});
      reports.filesChanged();
    };
  });
  if (call.exit === null) transcript.put({ ...call, exit });
  transcript.put({
    id: newId('item'),
    turnId: call.turnId,
    at: new Date().toISOString(),
    kind: 'notice',
    level: exit.kind === 'exited' && exit.code === 0 ? 'info' : 'warning',
    text: `The background command “${job.title}” has ended: ${exitText(exit)}.`,
  });
  try {
    transcript.flush();
  } catch {
    // A store that refuses is asked again, and takes both then.
  }
  return true;
}

function noteOf({ title, jobId, end }: BackgroundJob): string {
  const exit = end ? exitText(end.exit) : '';
  // It stands in a message with the person's role: nothing in it may look like the end of the note.
  const tail = end?.tail.replaceAll('</job_output>', '[/job_output]');
  const output = tail ? `\nIts output ends with:\n<job_output>\n${tail}\n</job_output>\n` : '';
  return `[Note of Farhand, not of the person: the background command “${title}” (job ${jobId}) has ended: ${exit}.${output}]`;
}

// It has read the end in the answer to its own call.
function stoppedByModel({ stored }: Conversation): Set<string> {
  const calls = stored.flatMap((one) => (one.role === 'assistant' ? one.calls : []));
  return new Set(
    calls.flatMap(({ tool, input }) =>
      tool === 'stop_job' && typeof input === 'object' && input !== null && 'job' in input
        ? [String(input.job)]
        : [],
    ),
  );
}
