import { Skeleton } from '@/ui/skeleton.tsx';

const ROWS = ['w-28', 'w-36', 'w-24', 'w-32', 'w-20'];

/** The shape of the window while its code and the first snapshot are on their way. */
export function ShellSkeleton() {
  return (
    <div className="flex h-dvh" aria-busy="true" aria-label="Loading Farhand">
      <div className="flex w-64 shrink-0 flex-col gap-3 border-r border-hairline p-3 phone:w-full phone:border-r-0">
        {ROWS.map((width) => (
          <Skeleton key={width} className={`h-4 ${width}`} />
        ))}
      </div>
      <div className="flex-1 bg-pane phone:hidden" />
    </div>
  );
}
