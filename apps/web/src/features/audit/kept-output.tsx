import { useInfiniteQuery } from '@tanstack/react-query';
import { ApiError } from '@/client/api-error.ts';
import { formatBytes } from '@/client/bytes.ts';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { CopyButton } from '@/ui/copy-button.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { plainText } from '../transcript/ansi.ts';

const PART_BYTES = 128 * 1024;

interface KeptOutputProps {
  /** Of an event that has it. */
  readonly seq: number;
  readonly hash: string;
  readonly isCut: boolean;
}

/** What a command wrote, as text: escape sequences are taken out. Of a long one the first part, and more as asked for. */
export function KeptOutput({ seq, hash, isCut }: KeptOutputProps) {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['audit-output', hash],
    queryFn: ({ pageParam, signal }) =>
      call('audit.output', { hash, offset: pageParam, limit: PART_BYTES }, { signal }),
    initialPageParam: 0,
    getNextPageParam: ({ totalBytes }, _pages, offset) =>
      offset + PART_BYTES < totalBytes ? offset + PART_BYTES : null,
  });
  const { totalBytes: total = 0, isRemoved = false } = data?.pages[0] ?? {};
  return (
    <section aria-label="Output" className="flex min-h-0 flex-col gap-1">
      <h3 className="text-small font-medium text-text-2">
        What it wrote{data && !isRemoved && `, ${formatBytes(total)}`}
        {isCut && !isRemoved && ', its beginning only'}
      </h3>
      {error && <InlineError error={ApiError.from(error)} />}
      {!data && !error && <Skeleton className="h-3 w-40" />}
      {isRemoved && (
        <p className="text-small text-text-2">
          No longer kept: it was removed because all outputs together took more than is set. Its SHA-256
          stays: <code className="break-all">{hash}</code>
        </p>
      )}
      {data && !isRemoved && (
        <pre className="max-h-95 overflow-auto rounded-ui bg-field p-2 font-mono text-small break-words whitespace-pre-wrap">
          {plainText(data.pages.map(({ text }) => text).join(''))}
        </pre>
      )}
      {hasNextPage && (
        <div className="flex flex-wrap items-center gap-1.5">
          <Button className="phone:h-11" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
          <CopyButton className="phone:h-11" text={`farhand audit show ${seq} --output`}>
            Copy the command for all of it
          </CopyButton>
        </div>
      )}
    </section>
  );
}
