import type { ProjectId } from '@farhand/shared/model/ids';
import { ChevronRight, RefreshCw } from 'lucide-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { ApiError } from '@/client/api-error.ts';
import { closeDialog } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { CopyButton } from '@/ui/copy-button.tsx';
import { cx } from '@/ui/cx.ts';
import { Dialog, DialogBody, DialogFooter } from '@/ui/dialog.tsx';
import { Field, Input, Textarea } from '@/ui/field.tsx';
import { Hint } from '@/ui/hint.tsx';
import { errorDetails } from '@/ui/toast.tsx';
import { HostField } from '../hosts/host-field.tsx';
import { BranchField } from '../projects/branch-field.tsx';
import { ProjectField } from '../projects/project-field.tsx';
import { ProfileField } from '../sandbox/profile-field.tsx';
import { TransferField } from './transfer-field.tsx';
import { useNewWorkspace } from './use-new-workspace.ts';
import { suggestName } from './workspace-name.ts';

/** Asks for a project, a host, a branch and a name, and starts the making of a workspace. */
export default function CreateDialog({ projectId }: { readonly projectId?: ProjectId | undefined }) {
  const form = useNewWorkspace(projectId);
  const { answers, change } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.create();
  };
  return (
    <Dialog
      title="New workspace"
      description="A copy of the code on a host, where agents work."
      onClose={closeDialog}
    >
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <DialogBody>
          <ProjectField
            project={answers.project}
            onChange={form.chooseProject}
            hasFirstFocus={answers.project === null}
          />
          <HostField
            value={answers.host}
            onChange={(host) => change({ host })}
            error={form.errorOf('host')}
          />
          <div className="grid grid-cols-2 gap-4 phone:grid-cols-1">
            <BranchField
              project={answers.project}
              value={answers.branch}
              onChange={(branch) => change({ branch })}
              error={form.errorOf('branch')}
            />
            <NameField
              value={answers.name}
              onChange={(name) => change({ name })}
              error={form.errorOf('name')}
            />
          </div>
          <Field
            label="First message"
            aside={<span className="text-small text-text-3">optional, sent when ready</span>}
          >
            {(control) => (
              <Textarea
                {...control}
                rows={3}
                {...(answers.project !== null && { 'data-autofocus': true })}
                value={answers.message}
                placeholder="What should the agent do first?"
                onChange={(event) => change({ message: event.target.value })}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void form.create();
                }}
              />
            )}
          </Field>
          <ProfileField value={answers.sandbox} onChange={(sandbox) => change({ sandbox })} />
          <More>
            <TransferField value={answers.transfer} onChange={(transfer) => change({ transfer })} />
          </More>
          <FormError error={form.errorOf('form')} />
        </DialogBody>
        <DialogFooter>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!form.isComplete || form.isCreating}>
            {form.isCreating ? 'Creating' : 'Create workspace'}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

interface NameFieldProps {
  readonly value: string;
  readonly onChange: (name: string) => void;
  readonly error: ApiError | null;
}

function NameField({ value, onChange, error }: NameFieldProps) {
  return (
    <Field label="Name" error={error}>
      {(control) => (
        <div className="relative">
          <Input
            {...control}
            required
            maxLength={64}
            value={value}
            className="pr-7 phone:pr-11"
            onChange={(event) => onChange(event.target.value)}
          />
          <button
            type="button"
            aria-label="Suggest another name"
            title="Suggest another name"
            onClick={() => onChange(suggestName([value]))}
            className="absolute inset-y-0 right-0 inline-flex w-7 items-center justify-center rounded-ui text-text-3 hover:text-text phone:w-11"
          >
            <RefreshCw aria-hidden="true" className="size-3.5" />
          </button>
        </div>
      )}
    </Field>
  );
}

function More({ children }: { readonly children: ReactNode }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className="flex flex-col gap-2">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="-ml-1 inline-flex h-6 w-fit items-center gap-1 rounded-ui pr-2 text-small font-medium text-text-2 hover:text-text phone:h-11"
      >
        <ChevronRight aria-hidden="true" className={cx('size-3.5', isOpen && 'rotate-90')} />
        More
      </button>
      {isOpen && children}
    </div>
  );
}

function FormError({ error }: { readonly error: ApiError | null }) {
  if (!error) return null;
  return (
    <div role="alert" className="flex items-start gap-3 rounded-ui bg-failed-wash p-3">
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <p>{error.message}</p>
        {error.hint && (
          <p className="text-text-2">
            <Hint text={error.hint} />
          </p>
        )}
        <code className="text-micro text-text-2">{error.code}</code>
      </div>
      <CopyButton size="small" text={errorDetails(error)}>
        Copy details
      </CopyButton>
    </div>
  );
}
