/** Tests of how hosts are reached and what they have, each by a login of its own that nothing is left of. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Actor } from '@farhand/shared/model/audit';
import type { HostTest } from '@farhand/shared/model/host-checks';
import { type HostId, type HostRecord, LOCAL_HOST } from '@farhand/shared/model/hosts';
import type { HostDestination, Runtime } from '@farhand/shared/runtime/port';
import type { AuditLog } from '../../audit/audit.ts';
import type { RuntimeFactories } from '../../runtimes/registry.ts';
import type { HostSettings } from '../host-settings.ts';
import { createHostQuestions, type HostQuestions } from '../questions.ts';
import type { HostRecords } from '../records/host-records.ts';
import { fieldAtFault, ruleOf } from '../records/record-toml.ts';
import { stepsThere } from './steps-there.ts';
import { TestRun } from './test-run.ts';
import { connectStep, hostKeyStep, resolveStep, signInStep } from './ways-there.ts';

type TestTarget = { readonly hostId: HostId } | { readonly record: HostRecord };

export interface HostTests {
  /** Begins; the rest comes by `get`. Throws `host.disabled`, `host.deleted`, `request.invalid`, `audit.unwritable`. */
  start(target: TestTarget, by: Actor): HostTest;
  /** As it is when its version is above `after`, or `waitMs` are over. Throws `host.test_not_found`. */
  get(id: string, wait: { after: number; waitMs: number; signal: AbortSignal }): Promise<HostTest>;
  /** Throws `host.test_not_found`, `host.question_not_found`. */
  answer(id: string, given: { questionId: string; answer: string | null }): void;
  /** One that is over, or forgotten, is left alone. */
  cancel(id: string): void;
  /** Ends all of them. */
  close(): void;
}

interface HostTestsDeps {
  readonly factories: Pick<RuntimeFactories, 'ssh' | 'probe'>;
  readonly records: HostRecords;
  readonly settings: Pick<HostSettings, 'method'>;
  readonly local: () => Runtime;
  readonly audit: Pick<AuditLog, 'record'>;
}

const KEPT_MS = 10 * 60_000;
/** Each is a login. */
const MAX_RUNNING = 20;

interface Kept {
  readonly run: TestRun;
  readonly hostId: HostId;
  readonly questions: HostQuestions;
}

interface Place {
  readonly hostId: HostId;
  /** Null for this machine. */
  readonly destination: HostDestination | null;
  readonly directory: string | null;
}

export function createHostTests({ factories, records, settings, local, audit }: HostTestsDeps): HostTests {
  const tests = new Map<string, Kept>();
  const find = (id: string): Kept => {
    const kept = tests.get(id);
    if (kept) return kept;
    throw new FarhandError('host.test_not_found');
  };

  const placeOf = (target: TestTarget): Place => {
    if ('record' in target) {
      const { host, port, user, identityFile, directory } = target.record;
      const field = fieldAtFault(target.record);
      if (field !== null)
        throw new FarhandError('request.invalid', { message: `The ${field} ${ruleOf(field)}.` });
      return { hostId: host, destination: { host, port, user, identityFile }, directory };
    }
    const { hostId } = target;
    if (hostId === LOCAL_HOST) return { hostId, destination: null, directory: null };
    const access = records.access(hostId);
    if ('refusal' in access) throw access.refusal;
    return { hostId, destination: access.destination, directory: records.get(hostId)?.directory ?? null };
  };

  // A runtime that nobody else knows: its connection is made for this, and ends with it.
  const open = ({ hostId }: Place, destination: HostDestination, questions: HostQuestions) =>
    factories.ssh(hostId, {
      access: { destination },
      method: settings.method(hostId),
      questions: questions.of(hostId),
      sessionLimit: null,
      onSessionLimit: () => {},
      // Whoever tests a host wants to know of the machine as it runs.
      loginEnvironment: () => ({}),
    });

  const overSsh = async (
    run: TestRun,
    place: Place,
    destination: HostDestination,
    questions: HostQuestions,
  ) => {
    const { probe } = factories;
    const resolved = await resolveStep(run, probe, destination);
    if (resolved === null || !(await connectStep(run, resolved))) return;
    if (!(await hostKeyStep(run, probe, { destination, isProxied: resolved.isProxied }))) return;
    if (run.signal.aborted) return;
    const runtime = open(place, destination, questions);
    try {
      if (await signInStep(run, runtime)) await stepsThere(run, runtime, place);
    } finally {
      await runtime.close();
    }
  };
  const carryOut = async (run: TestRun, place: Place, questions: HostQuestions) => {
    try {
      if (place.destination === null) await stepsThere(run, local(), place);
      else await overSsh(run, place, place.destination, questions);
    } finally {
      run.finish();
      setTimeout(() => tests.delete(run.test.id), KEPT_MS).unref();
    }
  };

  return {
    start(target, by) {
      const place = placeOf(target);
      const isBusy =
        [...tests.values()].filter(({ run }) => run.test.state === 'running').length >= MAX_RUNNING;
      if (isBusy)
        throw new FarhandError('request.invalid', {
          message: 'Too many hosts are tested at once.',
          hint: 'Wait for a test to end.',
        });
      const { hostId, destination } = place;
      const command = destination === null ? '' : factories.probe.command(destination);
      audit.record({
        kind: 'connection',
        actor: by,
        hostId,
        workspaceId: null,
        sessionId: null,
        summary: `Tested the connection to ${hostId}`,
        facts: { event: 'tested', command },
        output: null,
      });
      const run = new TestRun('record' in target ? null : hostId, command);
      const questions = createHostQuestions();
      tests.set(run.test.id, { run, hostId, questions });
      // Each step tells its own failure; what else comes of it is told by `finish`.
      carryOut(run, place, questions).catch(() => {});
      return run.test;
    },
    async get(id, { after, waitMs, signal }) {
      const { run } = find(id);
      if (waitMs > 0) await run.until(after, AbortSignal.any([signal, AbortSignal.timeout(waitMs)]));
      return run.test;
    },
    answer(id, given) {
      const { hostId, questions } = find(id);
      questions.answer(hostId, { ...given, remember: false });
    },
    cancel: (id) => tests.get(id)?.run.cancel(),
    close() {
      for (const { run } of tests.values()) run.cancel();
      tests.clear();
    },
  };
}
