import type { Comparison } from '@farhand/shared/model/comparisons';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '@/ui/dialog.tsx';
import { Field } from '@/ui/field.tsx';
import { Select } from '@/ui/select.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { showNote } from '@/ui/toast.tsx';
import { useChanges } from '../changes/queries.ts';
import { InlineError } from '../composer/inline-error.tsx';
import { FileName } from './variant-changes.tsx';
import type { VariantFacts } from './variant-facts.ts';
import { nameOf } from './variant-row.tsx';

interface TakeFilesDialogProps {
  readonly comparison: Comparison;
  readonly rows: readonly VariantFacts[];
  /** The id of the variant that gives at first. */
  readonly from: string;
  readonly onClose: () => void;
}

/** Brings chosen files of one variant into another, the kept one unless another is chosen. */
export function TakeFilesDialog({ comparison, rows, from: firstFrom, onClose }: TakeFilesDialogProps) {
  const able = rows
    .filter(({ variant }) => variant.workspaceId !== null && !['making', 'discarded'].includes(variant.state))
    .toSorted((a, b) => a.number - b.number);
  const [from, setFrom] = useState(() =>
    firstFrom === comparison.keptVariantId
      ? (able.find(({ isKept }) => !isKept)?.variant.id ?? firstFrom)
      : firstFrom,
  );
  const [chosenTo, setTo] = useState<string | null>(comparison.keptVariantId);
  const targets = able.filter(({ variant }) => variant.id !== from);
  const to = targets.find(({ variant }) => variant.id === chosenTo) ?? targets[0];
  const giver = able.find(({ variant }) => variant.id === from);
  const [paths, setPaths] = useState<ReadonlySet<string>>(new Set());
  const [error, setError] = useState<ApiError | null>(null);
  const [isTaking, setIsTaking] = useState(false);
  const choiceOf = (facts: VariantFacts) => ({
    value: facts.variant.id,
    label: `${facts.number}  ${nameOf(facts)}${facts.isKept ? ' (kept)' : ''}`,
  });
  const take = async () => {
    if (!to) return;
    setIsTaking(true);
    setError(null);
    try {
      await call('comparison.take_files', {
        comparisonId: comparison.id,
        from,
        to: to.variant.id,
        paths: [...paths],
      });
      showNote(`Variant ${to.number} has ${countOf(paths.size)} of variant ${giver?.number} now`);
      onClose();
    } catch (thrown) {
      setError(ApiError.from(thrown));
      setIsTaking(false);
    }
  };
  return (
    <Dialog
      title="Take files"
      description="A file of the same name there is replaced, and one that was deleted here is deleted there. Nothing is committed."
      onClose={onClose}
    >
      <DialogBody>
        <div className="grid grid-cols-2 gap-4 phone:grid-cols-1">
          <Field label="From">
            {({ id }) => (
              <Select
                id={id}
                value={from}
                onChange={(next) => {
                  setFrom(next);
                  setPaths(new Set());
                }}
                choices={able.map(choiceOf)}
              />
            )}
          </Field>
          <Field label="Into">
            {({ id }) => (
              <Select
                id={id}
                value={to?.variant.id ?? null}
                onChange={setTo}
                choices={targets.map(choiceOf)}
                placeholder="No other variant is left"
              />
            )}
          </Field>
        </div>
        {giver?.variant.workspaceId && (
          <FileChoice
            key={from}
            workspaceId={giver.variant.workspaceId}
            chosen={paths}
            onChoose={(next) => {
              setError(null);
              setPaths(next);
            }}
          />
        )}
        {error && <InlineError error={error} />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" disabled={paths.size === 0 || !to || isTaking} onClick={() => void take()}>
          {isTaking ? 'Taking' : paths.size === 0 ? 'Take files' : `Take ${countOf(paths.size)}`}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

const countOf = (count: number): string => (count === 1 ? '1 file' : `${count} files`);

interface FileChoiceProps {
  readonly workspaceId: WorkspaceId;
  readonly chosen: ReadonlySet<string>;
  onChoose(paths: ReadonlySet<string>): void;
}

function FileChoice({ workspaceId, chosen, onChoose }: FileChoiceProps) {
  const { data, error } = useChanges(workspaceId);
  if (error) return <InlineError error={ApiError.from(error)} />;
  if (!data) return <Skeleton className="h-24" />;
  if (data.files.length === 0) return <p className="text-text-2">It changed no files.</p>;
  const toggle = (path: string) => {
    const next = new Set(chosen);
    if (!next.delete(path)) next.add(path);
    onChoose(next);
  };
  const isAll = chosen.size === data.files.length;
  return (
    <fieldset className="flex min-w-0 flex-col gap-1">
      <legend className="sr-only">Files</legend>
      <label className="flex h-7 items-center gap-2 px-2 text-small font-medium text-text-2 phone:h-11">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={isAll}
          onChange={() => onChoose(isAll ? new Set() : new Set(data.files.map(({ path }) => path)))}
        />
        All files
      </label>
      <ul className="max-h-72 overflow-y-auto rounded-ui border border-hairline bg-field py-1">
        {data.files.map((file) => (
          <li key={file.path}>
            <label className="flex min-h-7 items-center gap-2 px-2 text-small hover:bg-hover phone:min-h-11">
              <input
                type="checkbox"
                aria-label={file.path}
                className="size-4 shrink-0 accent-accent"
                checked={chosen.has(file.path)}
                onChange={() => toggle(file.path)}
              />
              <FileName file={file} />
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
