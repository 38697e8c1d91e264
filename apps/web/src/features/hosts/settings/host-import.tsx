import type { ImportedHost } from '@farhand/shared/model/hosts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { Button } from '@/ui/button.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { showNote } from '@/ui/toast.tsx';
import { InlineError } from '../../composer/inline-error.tsx';

/** The aliases of the ssh config, to be written down as hosts of one's own. */
export function HostImport({ onDone }: { readonly onDone: () => void }) {
  const { data, error } = useQuery({
    queryKey: ['host_import'],
    queryFn: () => call('host.import', { names: null, isDryRun: true }),
    staleTime: 0,
  });
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const fresh = (data?.hosts ?? []).filter(({ state }) => state === 'new');
  const names = fresh.map(({ name }) => name).filter((name) => !left.has(name));
  const add = useMutation({
    mutationFn: () => call('host.import', { names, isDryRun: false }),
    async onSuccess({ added }) {
      await queryClient.invalidateQueries({ queryKey: ['hosts'] });
      showNote(`${added.length} ${added.length === 1 ? 'host was' : 'hosts were'} added`);
      onDone();
    },
  });
  if (error) return <InlineError error={ApiError.from(error)} />;
  if (!data) return <Skeleton className="h-16" />;
  if (data.hosts.length === 0)
    return <p className="text-small text-text-3">The ssh config names no host by itself.</p>;
  const toggle = (name: string) => {
    const next = new Set(left);
    if (!next.delete(name)) next.add(name);
    setLeft(next);
  };
  return (
    <section aria-label="Import" className="flex flex-col gap-2 rounded-ui border border-hairline p-3">
      <ul className="flex max-h-64 flex-col gap-1 overflow-y-auto">
        {data.hosts.map((host) => (
          <ImportLine
            key={host.name}
            host={host}
            isTaken={!left.has(host.name)}
            onToggle={() => toggle(host.name)}
          />
        ))}
      </ul>
      {add.error && <InlineError error={ApiError.from(add.error)} />}
      <div className="flex gap-2">
        <Button variant="primary" disabled={names.length === 0 || add.isPending} onClick={() => add.mutate()}>
          Add {names.length}
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </section>
  );
}

interface ImportLineProps {
  readonly host: ImportedHost;
  readonly isTaken: boolean;
  readonly onToggle: () => void;
}

function ImportLine({ host: { name, state, address, reason }, isTaken, onToggle }: ImportLineProps) {
  const isNew = state === 'new';
  const note = state === 'exists' ? 'is there already' : reason;
  return (
    <li>
      <label className="flex items-baseline gap-2 text-small phone:min-h-11 phone:items-center">
        <input
          type="checkbox"
          className="size-4 self-center accent-accent"
          checked={isNew && isTaken}
          disabled={!isNew}
          onChange={onToggle}
        />
        <span className={isNew ? 'font-medium' : 'text-text-3'}>{name}</span>
        <span className="min-w-0 flex-1 truncate text-text-3">
          {note ?? (address && `${address.user}@${address.hostname}:${address.port}`)}
        </span>
      </label>
    </li>
  );
}
