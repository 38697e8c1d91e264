import type { HostTest } from '@farhand/shared/model/host-checks';
import type { CallInput } from '@farhand/shared/protocol/calls';
import { call } from '@/client/call.ts';

const WAIT_MS = 25_000;

/** Begins a test and tells of each change until it is over, or until `signal` is aborted: then it is ended. */
export async function followTest(
  what: CallInput<'host.test'>,
  onChange: (test: HostTest) => void,
  signal: AbortSignal,
): Promise<void> {
  let { test } = await call('host.test', what);
  const cancel = () => void call('host.test_cancel', { testId: test.id }).catch(() => {});
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  while (!signal.aborted) {
    onChange(test);
    if (test.state !== 'running') return;
    ({ test } = await call('host.test_get', { testId: test.id, after: test.version, waitMs: WAIT_MS }));
  }
}
