import type { AuditEvent } from '@farhand/shared/model/audit';
import { X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { useIsPhone } from '@/client/use-media.ts';
import { Button, IconButton } from '@/ui/button.tsx';
import { Dialog } from '@/ui/dialog.tsx';
import { EmptyState } from '@/ui/empty-state.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { AuditFilters } from './audit-filters.tsx';
import { AuditHead } from './audit-head.tsx';
import { EventDetails } from './event-details.tsx';
import { EventList } from './event-list.tsx';
import { type Filters, isFiltered, NO_FILTERS } from './filters.ts';
import { useEvents } from './use-events.ts';

// Tab then goes on here, and not at the top of the window.
const takeFocus = (main: HTMLElement | null) => main?.focus({ preventScroll: true });

/** What was done, by whom and by whose word; the address names it (`?view=audit`). */
export default function AuditPage() {
  const isPhone = useIsPhone();
  const [filters, setFilters] = useState<Filters>(NO_FILTERS);
  const [open, setOpen] = useState<number | null>(null);
  const { events, older } = useEvents(filters);
  const close = () => {
    setOpen(null);
    // Where the person came from, if that row is still drawn.
    document.querySelector<HTMLElement>(`[data-audit-row="${open}"]`)?.focus();
  };
  const details = open !== null && (
    <EventDetails
      seq={open}
      key={open}
      known={events.find(({ seq }) => seq === open)}
      onShow={setOpen}
      onFilter={(some) => {
        setFilters({ ...NO_FILTERS, ...some });
        // There it lies over the list.
        if (isPhone) setOpen(null);
      }}
    />
  );
  return (
    <main
      ref={takeFocus}
      tabIndex={-1}
      aria-label="Audit log"
      className="flex min-w-0 flex-1 flex-col bg-pane outline-none"
    >
      <AuditHead />
      <AuditFilters filters={filters} onChange={setFilters} />
      <div className="flex min-h-0 flex-1">
        <Events
          filters={filters}
          events={events}
          older={older}
          open={open}
          onOpen={setOpen}
          onClear={() => setFilters(NO_FILTERS)}
        />
        {details && !isPhone && <Drawer onClose={close}>{details}</Drawer>}
      </div>
      {details && isPhone && (
        <Dialog title={`Event ${open}`} onClose={close}>
          <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-4">{details}</div>
        </Dialog>
      )}
    </main>
  );
}

interface EventsProps {
  readonly filters: Filters;
  readonly events: readonly AuditEvent[];
  readonly older: ReturnType<typeof useEvents>['older'];
  readonly open: number | null;
  readonly onOpen: (seq: number) => void;
  readonly onClear: () => void;
}

function Events({ filters, events, older, open, onOpen, onClear }: EventsProps) {
  const { error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = older;
  if (error)
    return (
      <div className="mx-auto w-full max-w-xl p-4">
        <InlineError error={ApiError.from(error)} />
        <Button onClick={() => void refetch()}>Try again</Button>
      </div>
    );
  if (isPending) return <ListSkeleton />;
  if (events.length === 0 && !hasNextPage) return <Nothing filters={filters} onClear={onClear} />;
  return (
    <EventList
      events={events}
      open={open}
      onOpen={onOpen}
      isMore={hasNextPage}
      isReading={isFetchingNextPage}
      onMore={() => void fetchNextPage()}
    />
  );
}

function Nothing({ filters, onClear }: { readonly filters: Filters; readonly onClear: () => void }) {
  if (isFiltered(filters))
    return (
      <EmptyState title="Nothing fits" actions={<Button onClick={onClear}>Clear the filters</Button>}>
        No event of the log has all of this.
      </EmptyState>
    );
  return (
    <EmptyState title="Nothing is on record yet">
      Every command, file, decision and sign-in is written here before it takes effect.
    </EmptyState>
  );
}

function Drawer({ onClose, children }: { readonly onClose: () => void; readonly children: ReactNode }) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      onClose();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
  return (
    <aside
      aria-label="Event"
      className="relative flex w-104 max-w-[50%] shrink-0 flex-col gap-3 overflow-y-auto border-l border-hairline bg-app p-4"
    >
      <span className="absolute top-3 right-3">
        <IconButton label="Close" onClick={onClose}>
          <X aria-hidden="true" className="size-4" />
        </IconButton>
      </span>
      {children}
    </aside>
  );
}

function ListSkeleton() {
  return (
    <div aria-busy="true" aria-label="Loading" className="flex flex-1 flex-col gap-4 p-4">
      {[64, 48, 56, 40, 60, 44].map((width) => (
        <Skeleton key={width} className={`h-3 ${width > 50 ? 'w-2/3' : 'w-1/2'}`} />
      ))}
    </div>
  );
}
