import { SECRET_KINDS, type SecretScope, type SecretSummary } from '@farhand/shared/model/secrets';
import { useMutation } from '@tanstack/react-query';
import { call } from '@/client/call.ts';
import { useServerState } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { showError } from '@/ui/toast.tsx';
import { SureButton } from '../settings/sure-button.tsx';
import { KIND_LABELS, refreshSecrets } from './secret-query.ts';

interface SecretRowProps {
  readonly secret: SecretSummary;
  readonly onEdit: () => void;
}

/** A secret by its name, with who gets it, when it was set, and what of it does not count or is still the old. */
export function SecretRow({ secret, onEdit }: SecretRowProps) {
  const { scope, name, form, kinds, setAt, hiddenBy, oldHolders } = secret;
  const nameOf = useScopeName();
  const remove = useMutation({
    mutationFn: () => call('secret.remove', { scope, name }),
    onSuccess: refreshSecrets,
    onError: (error) => showError('The secret was not removed', error),
  });
  const facts = [
    form.kind === 'file' ? `file ${form.fileName}` : null,
    kinds.length === SECRET_KINDS.length ? 'all jobs' : kinds.map((kind) => KIND_LABELS[kind]).join(', '),
    `set ${new Date(setAt).toLocaleDateString()}`,
  ];
  return (
    <li className="flex flex-wrap items-center gap-2 px-3 py-1.5">
      <div className="min-w-0 flex-1 phone:basis-full">
        <code className="block wrap-anywhere">{name}</code>
        <p className="text-small text-text-3">{facts.filter(Boolean).join(' · ')}</p>
        {hiddenBy.length > 0 && (
          <p className="text-small text-text-2">Hidden by the one of {hiddenBy.map(nameOf).join(', ')}</p>
        )}
        {oldHolders.length > 0 && (
          <p className="text-small text-text-2">
            {oldHolders.length === 1 ? '1 running job has' : `${oldHolders.length} running jobs have`} the
            value of before
          </p>
        )}
      </div>
      <Button size="small" className="phone:h-11" onClick={onEdit} aria-label={`Change ${name}`}>
        Change
      </Button>
      <SureButton
        verb="Remove"
        name={name}
        question="Remove it?"
        sureLabel={`Remove ${name} for good`}
        isDisabled={remove.isPending}
        onSure={() => remove.mutate()}
      />
    </li>
  );
}

function useScopeName(): (scope: SecretScope) => string {
  const projects = useServerState((state) => state.projects);
  return (scope) => {
    if (scope.kind === 'global') return 'everywhere';
    return scope.kind === 'host'
      ? `the host ${scope.hostId}`
      : `the project ${projects[scope.projectId]?.name ?? scope.projectId}`;
  };
}
