import type { AuditSettings } from '@farhand/shared/model/audit';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { Button } from '@/ui/button.tsx';
import { CopyButton } from '@/ui/copy-button.tsx';
import { Dialog, DialogBody, DialogFooter } from '@/ui/dialog.tsx';
import { Field, Input } from '@/ui/field.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { gibText, readGib } from '../settings/amounts.ts';

/** As the server has it: the largest output fits, with room to spare. */
const LEAST_OUTPUT_BYTES = 32 * 1024 ** 2;
const EXPORT = 'farhand audit export --jsonl > audit.jsonl';

/** How long events are kept, what of outputs, and how to take the log elsewhere. */
export function KeepDialog({ onClose }: { readonly onClose: () => void }) {
  const { data, error } = useQuery({
    queryKey: ['audit-settings'],
    queryFn: ({ signal }) => call('audit.settings', {}, { signal }),
    staleTime: 0,
  });
  return (
    <Dialog title="Keep and export" onClose={onClose}>
      {error ? (
        <DialogBody>
          <InlineError error={ApiError.from(error)} />
        </DialogBody>
      ) : data ? (
        <KeepForm settings={data} onClose={onClose} />
      ) : (
        <DialogBody>
          <Skeleton className="h-7 w-full" />
        </DialogBody>
      )}
    </Dialog>
  );
}

function KeepForm({ settings, onClose }: { readonly settings: AuditSettings; readonly onClose: () => void }) {
  const [days, setDays] = useState(settings.retentionDays === null ? '' : String(settings.retentionDays));
  const [outputs, setOutputs] = useState(gibText(settings.maxOutputBytes));
  const [keepsStreams, setKeepsStreams] = useState(settings.keepsStreams);
  const [error, setError] = useState<ApiError | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const areDaysGood = days === '' || (/^\d{1,5}$/.test(days) && Number(days) >= 1 && Number(days) <= 36_500);
  const outputBytes = readGib(outputs, { leastBytes: LEAST_OUTPUT_BYTES });
  const isGood = areDaysGood && typeof outputBytes === 'number';
  const save = async () => {
    if (typeof outputBytes !== 'number') return;
    setIsSaving(true);
    setError(null);
    try {
      const retentionDays = days === '' ? null : Number(days);
      const now = await call('audit.set_settings', {
        retentionDays,
        keepsStreams,
        // One that was set in other units is not rounded by the way.
        ...(outputs !== gibText(settings.maxOutputBytes) && { maxOutputBytes: outputBytes }),
      });
      queryClient.setQueryData(['audit-settings'], now);
      void queryClient.invalidateQueries({ queryKey: ['audit'] });
      onClose();
    } catch (thrown) {
      setError(ApiError.from(thrown));
      setIsSaving(false);
    }
  };
  return (
    <>
      <DialogBody>
        {error && <InlineError error={error} />}
        <Field
          label="Keep events for so many days"
          hint="Empty keeps them for ever. What is older is removed with its outputs, by a signed cut that is on record."
          error={areDaysGood ? null : { message: 'Give a whole number from 1 to 36500, or nothing.' }}
        >
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              placeholder="for ever"
              value={days}
              onChange={({ target }) => setDays(target.value.trim())}
            />
          )}
        </Field>
        <Field
          label="Keep at most this much of what was written, in GiB"
          hint="Above it the oldest outputs are removed, which is on record; their events stay, with the hash."
          error={
            typeof outputBytes === 'number'
              ? null
              : { message: 'Give a number of GiB from 0.032, as 5 or 0.5.' }
          }
        >
          {(control) => (
            <Input
              {...control}
              inputMode="decimal"
              value={outputs}
              onChange={({ target }) => setOutputs(target.value)}
            />
          )}
        </Field>
        <label className="flex items-start gap-2 phone:min-h-11">
          <input
            type="checkbox"
            className="mt-0.5 size-4 shrink-0 accent-accent"
            checked={keepsStreams}
            onChange={({ target }) => setKeepsStreams(target.checked)}
          />
          <span>
            Keep what terminals and agents write
            <span className="block text-small text-text-3">
              What commands write is kept in any case: 16 MiB of each at most, secrets covered.
            </span>
          </span>
        </label>
        <section aria-label="Export" className="flex flex-col gap-1">
          <h3 className="text-small font-medium text-text-2">Export</h3>
          <p className="text-small text-text-3">
            One JSON document a line; “farhand audit verify --file” looks at it anywhere.
          </p>
          <div className="flex items-center gap-2">
            <code className="min-w-0 flex-1 overflow-x-auto rounded-ui bg-field px-2 py-1 whitespace-nowrap">
              {EXPORT}
            </code>
            <CopyButton text={EXPORT}>Copy</CopyButton>
          </div>
        </section>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" disabled={!isGood || isSaving} onClick={() => void save()}>
          Save
        </Button>
      </DialogFooter>
    </>
  );
}
