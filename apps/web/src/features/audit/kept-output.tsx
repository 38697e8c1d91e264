import { useInfiniteQuery } from '@tanstack/react-query';
import { ApiError } from '@/client/api-error.ts';
import { formatBytes } from '@/client/bytes.ts';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { plainText } from '../transcript/ansi.ts';

const PART_BYTES = 128 * 1024;

/** What a command wrote, as text: escape sequences are taken out. Of a long one the first part, and more as asked for. */
export function KeptOutput({ hash, isCut }: { readonly hash: string; readonly isCut: boolean }) {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['audit-output', hash],
    queryFn: ({ pageParam, signal }) =>
      call('audit.output', { hash, offset: pageParam, limit: PART_BYTES }, { signal }),
    initialPageParam: 0,
    getNextPageParam: ({ totalBytes }, _pages, offset) =>
      offset + PART_BYTES < totalBytes ? offset + PART_BYTES : null,
  });
  const total = data?.pages[0]?.totalBytes ?? 0;
  return (
    <section aria-label="Output" className="flex min-h-0 flex-col gap-1">
      <h3 className="text-small font-medium text-text-2">
        What it wrote{data && `, ${formatBytes(total)}`}
        {isCut && ', its beginning only'}
      </h3>
      {error && <InlineError error={ApiError.from(error)} />}
      {!data && !error && <Skeleton className="h-3 w-40" />}
      {data && (
        <pre className="max-h-95 overflow-auto rounded-ui bg-field p-2 font-mono text-small break-words whitespace-pre-wrap">
          {plainText(data.pages.map(({ text }) => text).join(''))}
        </pre>
      )}
      {hasNextPage && (
        <Button className="self-start" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </section>
  );
}
