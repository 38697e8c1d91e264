import { NO_SANDBOX, type SandboxProfile } from '@farhand/shared/model/sandbox';
import { useQuery } from '@tanstack/react-query';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { showError } from '@/ui/toast.tsx';

const KEY = ['sandbox_profiles'] as const;

/** The profiles, the default of new workspaces, and what is wrong with the person's own. */
export function useSandboxProfiles() {
  return useQuery({ queryKey: KEY, queryFn: () => call('sandbox.profiles', {}) });
}

/** For workspaces made from now on. */
export async function setDefaultProfile(profile: string): Promise<void> {
  queryClient.setQueryData<Awaited<ReturnType<typeof call<'sandbox.profiles'>>>>(
    KEY,
    (before) => before && { ...before, defaultProfile: profile },
  );
  try {
    await call('sandbox.set_default', { profile });
  } catch (thrown) {
    showError('The default sandbox was not changed', thrown);
  }
  await queryClient.invalidateQueries({ queryKey: KEY });
}

/** As a person calls it. */
export function profileLabel(name: string): string {
  return name === NO_SANDBOX ? 'No sandbox' : `Sandbox: ${name}`;
}

/** What a profile lets jobs do, in a few words each. */
export function profileFacts({ network, workspace, limits, name }: SandboxProfile): string[] {
  if (name === NO_SANDBOX) return [];
  const { memoryBytes, processes, cpu, cpuSeconds } = limits;
  return [
    { write: 'workspace writable', read: 'workspace read-only', hidden: 'workspace hidden' }[workspace],
    network ? 'network on' : 'no network',
    ...(memoryBytes === null ? [] : [`${Math.round(memoryBytes / 1024 ** 2)} MiB of memory`]),
    ...(processes === null ? [] : [`${processes} processes`]),
    ...(cpu === null ? [] : [`${cpu} cores`]),
    ...(cpuSeconds === null ? [] : [`${cpuSeconds} s of CPU a program`]),
  ];
}
