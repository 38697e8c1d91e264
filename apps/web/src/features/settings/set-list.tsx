import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { Skeleton } from '@/ui/skeleton.tsx';
import { InlineError } from '../composer/inline-error.tsx';

interface AskedProps<Data> {
  readonly query: Pick<UseQueryResult<Data>, 'data' | 'error'>;
  readonly children: (data: Data) => ReactNode;
}

/** What the server was asked for: why it cannot be told, its shape until it comes, then what is made of it. */
export function Asked<Data>({ query: { data, error }, children }: AskedProps<Data>) {
  if (error) return <InlineError error={ApiError.from(error)} />;
  return data === undefined ? <Skeleton className="h-12" /> : children(data);
}

/** The things that are set, in rows; nothing where there is none. */
export function SetList<Item>({
  items,
  children,
}: {
  readonly items: readonly Item[];
  readonly children: (item: Item) => ReactNode;
}) {
  if (items.length === 0) return null;
  return (
    <ul className="divide-y divide-hairline rounded-ui border border-hairline">{items.map(children)}</ul>
  );
}
