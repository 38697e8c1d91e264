import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { Plus } from 'lucide-react';
import type { FormEvent } from 'react';
import { useWorkspace } from '@/client/state-store.ts';
import { closeDialog } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '@/ui/dialog.tsx';
import { EmptyState } from '@/ui/empty-state.tsx';
import { Field, Input, Textarea } from '@/ui/field.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { useNewComparison } from './use-new-comparison.ts';
import { MOST_VARIANTS } from './variant-drafts.ts';
import { VariantFields } from './variant-fields.tsx';

interface CompareDialogProps {
  readonly workspaceId: WorkspaceId;
  readonly prompt?: string | undefined;
}

/** Asks for a prompt and who is to answer it, and starts a comparison: each variant in a fork of this workspace. */
export default function CompareDialog({ workspaceId, prompt = '' }: CompareDialogProps) {
  const workspace = useWorkspace(workspaceId);
  return (
    <Dialog
      title={`Compare on ${workspace?.name ?? 'a workspace'}`}
      description="One prompt, several answers: each variant works in a fork of its own. The workspace itself stays as it is."
      onClose={closeDialog}
      width="wide"
    >
      {workspace ? (
        <CompareForm workspace={workspace} prompt={prompt} />
      ) : (
        <EmptyState title="The workspace is gone">It was deleted meanwhile.</EmptyState>
      )}
    </Dialog>
  );
}

function CompareForm({ workspace, prompt }: { readonly workspace: Workspace; readonly prompt: string }) {
  const form = useNewComparison(workspace, prompt);
  const { answers, change, variants } = form;
  const count = answers.drafts.length;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.start();
  };
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
      <DialogBody>
        <Field label="Prompt">
          {(control) => (
            <Textarea
              {...control}
              data-autofocus
              required
              rows={4}
              maxLength={256 * 1024}
              value={answers.prompt}
              placeholder="What should each of them do?"
              onChange={(event) => change({ prompt: event.target.value })}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void form.start();
              }}
            />
          )}
        </Field>
        <fieldset className="flex min-w-0 flex-col gap-1">
          <legend className="mb-1 text-small font-medium text-text-2">
            Variants <span className="text-text-3 tabular-nums">{count}</span>
          </legend>
          <ol className="flex flex-col gap-1 phone:gap-3">
            {answers.drafts.map((draft, index) => (
              <VariantFields
                key={draft.key}
                draft={draft}
                number={index + 1}
                canAdd={count < MOST_VARIANTS}
                canRemove={count > 1}
                onChange={(part) => variants.change(draft.key, part)}
                onDuplicate={() => variants.duplicate(draft.key)}
                onRemove={() => variants.remove(draft.key)}
              />
            ))}
          </ol>
          <Button
            variant="ghost"
            className="-ml-1 w-fit"
            disabled={count >= MOST_VARIANTS}
            onClick={variants.add}
          >
            <Plus className="size-3.5" aria-hidden /> Add a variant
          </Button>
        </fieldset>
        <Field
          label="Test command"
          aside={<span className="text-small text-text-3">optional</span>}
          hint="Run in each variant when its turn ends; it is good where the command ends with 0."
        >
          {(control) => (
            <Input
              {...control}
              className="font-mono"
              maxLength={4096}
              placeholder="npm test"
              value={answers.testCommand}
              onChange={(event) => change({ testCommand: event.target.value })}
            />
          )}
        </Field>
        {form.error && <InlineError error={form.error} />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={closeDialog}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={!form.isComplete || form.isStarting}>
          {form.isStarting ? 'Starting' : count === 1 ? 'Start 1 variant' : `Start ${count} variants`}
        </Button>
      </DialogFooter>
    </form>
  );
}
