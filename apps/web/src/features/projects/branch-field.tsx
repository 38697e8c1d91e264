import type { Project } from '@farhand/shared/model/projects';
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { Combobox } from '@/ui/combobox.tsx';
import { Field } from '@/ui/field.tsx';

interface BranchFieldProps {
  readonly project: Project | null;
  /** Null as long as nobody chose: then the project's current branch. */
  readonly value: string | null;
  readonly onChange: (branch: string) => void;
  readonly error: ApiError | null;
}

/** The branches of a project, asked of the server. */
export function useBranches(project: Project | null) {
  return useQuery({
    queryKey: ['branches', project?.id],
    queryFn: ({ signal }) =>
      project ? call('project.branches', { projectId: project.id }, { signal }) : null,
    enabled: project !== null,
  });
}

/** Chooses the branch that the work starts from. */
export function BranchField({ project, value, onChange, error }: BranchFieldProps) {
  const { data, error: failure, isFetching } = useBranches(project);
  const current = data?.current ?? project?.defaultBranch ?? data?.branches[0] ?? '';
  const hint =
    project === null ? 'Choose a project first.' : isFetching && !data ? 'Reading the branches.' : undefined;
  return (
    <Field label="Branch to start from" error={failure ? ApiError.from(failure) : error} hint={hint}>
      {(control) => (
        <Combobox
          control={control}
          isDisabled={project === null}
          value={value ?? current}
          onChange={onChange}
          choices={(data?.branches ?? []).map((branch) => ({
            value: branch,
            label: branch,
            ...(branch === data?.current && { note: 'checked out' }),
          }))}
        />
      )}
    </Field>
  );
}
