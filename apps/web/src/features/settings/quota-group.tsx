import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { Button } from '@/ui/button.tsx';
import { Field, Input } from '@/ui/field.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { gibText, readGib } from './amounts.ts';
import { Group } from './group.tsx';

const KEY = ['workspace_quota'] as const;
/** As the server has it: less holds no repository. */
const LEAST_BYTES = 10 * 1024 ** 2;

/** What each workspace may take on its host's disk. */
export function QuotaGroup() {
  const { data, error } = useQuery({ queryKey: KEY, queryFn: () => call('workspace.quota', {}) });
  return (
    <Group
      title="Disk of a workspace"
      note="Its files and what its jobs keep, on its host. Above this no new job starts there until there is room again."
    >
      {error && <InlineError error={ApiError.from(error)} />}
      {!data && !error && <Skeleton className="h-12" />}
      {data && <QuotaForm quotaBytes={data.quotaBytes} key={data.quotaBytes} />}
    </Group>
  );
}

function QuotaForm({ quotaBytes }: { readonly quotaBytes: number }) {
  const [typed, setTyped] = useState(gibText(quotaBytes));
  const [error, setError] = useState<ApiError | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  // Empty is the default.
  const read = readGib(typed, { leastBytes: LEAST_BYTES });
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (read === 'wrong') return;
    setIsSaving(true);
    setError(null);
    try {
      const set = await call('workspace.set_quota', { quotaBytes: read });
      setTyped(gibText(set.quotaBytes));
      queryClient.setQueryData(KEY, set);
    } catch (thrown) {
      setError(ApiError.from(thrown));
    }
    setIsSaving(false);
  };
  const isSame = typed === gibText(quotaBytes);
  return (
    <form onSubmit={(event) => void save(event)} className="flex flex-col gap-2">
      <Field
        label="Each workspace may take, in GiB"
        hint="Empty is the default, 20 GiB."
        error={read === 'wrong' ? { message: 'Give a number of GiB from 0.01, as 20 or 0.5.' } : null}
      >
        {(control) => (
          <Input
            {...control}
            inputMode="decimal"
            className="max-w-40 tabular-nums phone:max-w-none"
            placeholder="20"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        )}
      </Field>
      {error && <InlineError error={error} />}
      <Button
        type="submit"
        variant={isSame ? 'secondary' : 'primary'}
        className="w-fit phone:h-11"
        disabled={read === 'wrong' || isSame || isSaving}
      >
        {isSaving ? 'Saving' : 'Save'}
      </Button>
    </form>
  );
}
