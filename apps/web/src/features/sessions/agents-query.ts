import type { HostAgent } from '@farhand/shared/model/agents';
import type { HostId } from '@farhand/shared/model/hosts';
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';

const key = (hostId: HostId) => ['agents', hostId] as const;

interface KnownAgents {
  /** Null until the server has answered once. */
  readonly agents: readonly HostAgent[] | null;
  readonly error: ApiError | null;
  readonly isLooking: boolean;
}

/** The agents that a host has, as the server knows them. */
export function useAgents(hostId: HostId): KnownAgents {
  const { data, error, isFetching } = useQuery({
    queryKey: key(hostId),
    queryFn: async () => (await call('agent.list', { hostId })).agents,
    staleTime: 60_000,
  });
  return { agents: data ?? null, error: error ? ApiError.from(error) : null, isLooking: isFetching };
}

/** Looks on the host itself; after an install, or when a person says so. */
export async function lookForAgents(hostId: HostId): Promise<void> {
  await queryClient.fetchQuery({
    queryKey: key(hostId),
    queryFn: async () => (await call('agent.list', { hostId, refresh: true })).agents,
    staleTime: 0,
  });
}

/** Asks the server again, for every host, after an agent was added. */
export const refreshAgents = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['agents'] });
