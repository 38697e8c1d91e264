import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Actor, AuditEvent, AuditSettings, AuditVerdict } from '@farhand/shared/model/audit';
import type { CallOutput, ParsedInput } from '@farhand/shared/protocol/calls';
import type { Log } from '../logging/log.ts';
import { limitText } from '../sandbox/profiles/sizes.ts';
import type { Settings } from '../store/settings.ts';
import type { AuditPaths } from './audit-paths.ts';
import { readAuditSettings, writeAuditSettings } from './audit-settings.ts';
import { endRemovedJobs } from './cleared-workspace.ts';
import { readOutputPart } from './outputs/output-part.ts';
import { createOutputStore, type OutputStore } from './outputs/output-store.ts';
import { search } from './search.ts';
import { createSigner, type Signer } from './signature.ts';
import { type Appender, createAppender } from './store/appender.ts';
import { type ClearedPlace, findEvent, lastOfJob } from './store/finding.ts';
import { createOutputLimit } from './upkeep/output-limit.ts';
import { cutOld } from './upkeep/retention.ts';
import { createUpkeep } from './upkeep/upkeep.ts';
import { verifyLog } from './verify/verify-log.ts';

/** What is to be told of one thing that happens; `null` where it has none of that. */
export type AuditEntry = Omit<AuditEvent, 'seq' | 'at' | 'previous' | 'hash'>;

/** For those who do what has to be on record. */
export interface AuditLog {
  /**
   * Appends and gives its number. Called before what it tells of is done: where it throws (`audit.unwritable`), that must
   * not happen.
   */
  record(entry: AuditEntry): number;
  /** Keeps bytes by their SHA-256, which it gives: for an entry's `output`. Throws `audit.unwritable`. */
  keepOutput(bytes: Uint8Array): string;
}

/** The log with all that is done to it. */
export interface Audit extends AuditLog {
  readonly outputs: OutputStore;
  /** Gives the key, which is asked for at the first record. Without one nothing can be recorded. */
  signWith(key: () => Uint8Array): void;
  /** Of what ended already: kept until it can be written, in order, where it cannot now. */
  recordLater(entry: AuditEntry): void;
  /** The newest `command` or `exit` of this job. Throws `audit.unwritable`. */
  lastOfJob(jobId: string): AuditEvent | null;
  /** Called once nothing of a workspace is left on a host: each of its jobs has an end on record then. Never fails. */
  workspaceCleared(place: ClearedPlace): Promise<void>;
  /** As the call `audit.search`. */
  search(input: ParsedInput<'audit.search'>): Promise<CallOutput<'audit.search'>>;
  /** Throws `audit.not_found`. */
  get(seq: number): AuditEvent;
  /** As the call `audit.output`. */
  output(input: ParsedInput<'audit.output'>): Promise<CallOutput<'audit.output'>>;
  verify(signal?: AbortSignal): Promise<AuditVerdict>;
  settings(): AuditSettings;
  /** What is left out stays. Begins to remove what is too old or too much then. */
  setSettings(settings: ParsedInput<'audit.set_settings'>, by: Actor): void;
  /** Removes what is older or more than the settings say, a little at a time. */
  upkeep(): Promise<void>;
  close(): void;
}

interface AuditDeps {
  readonly paths: AuditPaths;
  readonly settings: Settings;
  readonly now?: () => number;
  /** What nobody waits for fails here. */
  readonly log?: Pick<Log, 'warn'>;
}

/** Kept for a log that cannot be written: ends of jobs, of which no more run than were recorded. */
const MAX_LATER = 10_000;
const UPKEEP_EVERY_MS = 60 * 60_000;
/** A server that is restarted often gets to it too; its start comes first. */
const FIRST_UPKEEP_MS = 60_000;

/** The log of this folder. Nothing is opened before the first use. */
export function createAudit(deps: AuditDeps): Audit {
  const { paths, settings, now = Date.now } = deps;
  const outputs = createOutputStore(paths.outputsDirectory);
  let key: (() => Uint8Array) | undefined;
  let signer: Signer | undefined;
  const signerNow = () => {
    if (!key) throw new Error('the audit log has no key yet');
    return (signer ??= createSigner(key()));
  };
  const appender = createAppender({
    file: paths.file,
    witnessFile: paths.witnessFile,
    signer: signerNow,
    now,
  });
  const later = createLater(appender);
  let isClosed = false;
  const record = (entry: AuditEntry) => {
    // What is still asked for at the very end must not open the log of a server that starts just then.
    if (isClosed) throw new FarhandError('audit.unwritable', { message: 'The server stops.' });
    later.flush();
    return appender.append(entry);
  };
  const recordLater = (entry: AuditEntry) => (isClosed ? undefined : later.add(entry));
  const limit = createOutputLimit({
    outputs,
    database: appender.database,
    record,
    isClosed: () => isClosed,
    onKept() {
      if (limit.isNeeded(readAuditSettings(settings).maxOutputBytes)) upkeep.runQuietly();
    },
  });
  const warn = (event: string) => (error: unknown) =>
    isClosed ? undefined : deps.log?.warn(event, { error });
  const upkeep = createUpkeep(async () => {
    const { retentionDays, maxOutputBytes } = readAuditSettings(settings);
    const deps = { appender, outputs, now, isClosed: () => isClosed };
    if (retentionDays !== null) await cutOld(deps, retentionDays);
    if (!isClosed) await limit.hold(maxOutputBytes);
  }, warn('audit.upkeep_failed'));
  const timers = [
    setTimeout(upkeep.runQuietly, FIRST_UPKEEP_MS).unref(),
    setInterval(upkeep.runQuietly, UPKEEP_EVERY_MS).unref(),
  ];
  return {
    outputs,
    signWith(given) {
      key = given;
      signer = undefined;
    },
    record,
    recordLater,
    keepOutput: outputs.keep,
    lastOfJob: (jobId) => lastOfJob(appender.database(), jobId),
    // A log that cannot be read now keeps no workspace from being deleted.
    workspaceCleared: (place) =>
      endRemovedJobs({ database: appender.database, recordLater, isClosed: () => isClosed }, place).catch(
        warn('audit.ends_not_told'),
      ),
    search: (input) => search(appender.database(), input),
    get(seq) {
      const event = findEvent(appender.database(), seq);
      if (!event) throw new FarhandError('audit.not_found', { details: { seq } });
      return event;
    },
    output: (input) => readOutputPart({ outputs, database: appender.database }, input),
    verify(signal) {
      // Makes the log where there is none, and tells of damage to its end where it was not looked at yet.
      appender.database();
      return verifyLog({ paths, signer: signerNow(), outputs }, signal);
    },
    settings: () => readAuditSettings(settings),
    setSettings(some, by) {
      const before = readAuditSettings(settings);
      const wanted = {
        retentionDays: some.retentionDays === undefined ? before.retentionDays : some.retentionDays,
        keepsStreams: some.keepsStreams ?? before.keepsStreams,
        maxOutputBytes: some.maxOutputBytes ?? before.maxOutputBytes,
      };
      appender.append(settingEntry(wanted, by));
      writeAuditSettings(settings, wanted);
      upkeep.runQuietly();
    },
    upkeep: upkeep.run,
    close() {
      isClosed = true;
      timers.forEach(clearTimeout);
      try {
        later.flush();
      } catch {}
      appender.close();
    },
  };
}

function createLater(appender: Appender) {
  const waiting: AuditEntry[] = [];
  const flush = () => {
    for (let next = waiting[0]; next; next = waiting[0]) {
      appender.append(next);
      waiting.shift();
    }
  };
  return {
    flush,
    add(entry: AuditEntry) {
      if (waiting.length < MAX_LATER) waiting.push(entry);
      try {
        flush();
      } catch {}
    },
  };
}

function settingEntry(wanted: AuditSettings, by: Actor): AuditEntry {
  const { retentionDays, maxOutputBytes } = wanted;
  const kept = retentionDays === null ? 'without end' : `for ${retentionDays} days`;
  return {
    kind: 'setting',
    actor: by,
    hostId: null,
    workspaceId: null,
    sessionId: null,
    summary: `The audit log is kept ${kept}, and at most ${limitText(maxOutputBytes)} of outputs`,
    facts: { setting: 'audit', ...wanted },
    output: null,
  };
}
