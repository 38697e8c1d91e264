import type { AuditEvent } from '@farhand/shared/model/audit';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { call } from '@/client/call.ts';
import { type Filters, searchOf } from './filters.ts';

const PAGE = 100;
/** A person who watches sees what happens soon enough; the server reads its newest events only. */
const LOOK_EVERY_MS = 2_000;
/** More at once than that is read anew from the top. */
const MOST_NEW = 500;

/** The events that fit, the newest first: older ones are read as they are asked for, newer ones as they come. */
export function useEvents(filters: Filters) {
  const search = (more: { before?: number; after?: number; limit: number }, signal: AbortSignal) =>
    call('audit.search', { ...searchOf(filters, Date.now()), ...more }, { signal });
  const older = useInfiniteQuery({
    queryKey: ['audit', filters],
    queryFn: ({ pageParam, signal }) =>
      search({ limit: PAGE, ...(pageParam !== null && { before: pageParam }) }, signal),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
    gcTime: 0,
  });
  const top = older.data?.pages[0]?.last;
  const newer = useQuery({
    queryKey: ['audit', filters, 'newer', top],
    queryFn: ({ signal }) => search({ after: top ?? 0, limit: MOST_NEW }, signal),
    enabled: top !== undefined,
    refetchInterval: LOOK_EVERY_MS,
    gcTime: 0,
  });
  const { refetch } = older;
  const isTooMuch = newer.data?.next != null;
  useEffect(() => {
    if (isTooMuch) void refetch();
  }, [isTooMuch, refetch]);
  const events: AuditEvent[] = [
    ...(newer.data?.events ?? []),
    ...(older.data?.pages.flatMap((page) => page.events) ?? []),
  ];
  return { events, older };
}
