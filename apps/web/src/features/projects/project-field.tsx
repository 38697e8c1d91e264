import type { Project } from '@farhand/shared/model/projects';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { durationText } from '@/client/duration.ts';
import { useServerState } from '@/client/state-store.ts';
import { useNow } from '@/client/use-now.ts';
import { Combobox } from '@/ui/combobox.tsx';
import { Field } from '@/ui/field.tsx';

/** Projects by their last use, newest first. */
export const recentFirst = (projects: Readonly<Record<string, Project>>): readonly Project[] =>
  Object.values(projects).toSorted((a, b) => b.lastUsedAt.localeCompare(a.lastUsedAt));

interface ProjectFieldProps {
  readonly project: Project | null;
  readonly onChange: (project: Project | null) => void;
  readonly hasFirstFocus?: boolean;
}

/** Chooses a project; a path or a URL that is typed is added at once, and what is wrong with it is said here. */
export function ProjectField({ project, onChange, hasFirstFocus = false }: ProjectFieldProps) {
  const projects = useServerState((state) => state.projects);
  const [typed, setTyped] = useState('');
  const [startedAt, setStartedAt] = useState(0);
  const add = useMutation({
    mutationFn: (source: string) => call('project.add', { source }),
    onSuccess: (answer) => onChange(answer.project),
  });
  const now = useNow(100, add.isPending);

  const choose = (value: string) => {
    add.reset();
    const known = projects[value] ?? Object.values(projects).find((other) => other.path === value);
    setTyped(known ? '' : value);
    onChange(known ?? null);
    if (known || value === '') return;
    setStartedAt(Date.now());
    add.mutate(value);
  };
  const adding = `Adding ${typed} ${durationText(now - startedAt)}`;
  return (
    <Field
      label="Project"
      error={add.error ? ApiError.from(add.error) : null}
      hint={
        add.isPending ? (
          <span className="tabular-nums">{adding}</span>
        ) : project ? (
          project.path
        ) : (
          'A folder with a git repository on the server’s machine, or a URL to clone.'
        )
      }
    >
      {(control) => (
        <Combobox
          control={control}
          canType
          hasFirstFocus={hasFirstFocus}
          placeholder="/home/me/shop or https://…"
          value={project?.id ?? typed}
          onChange={choose}
          choices={recentFirst(projects).map(({ id, name, path }) => ({
            value: id,
            label: name,
            note: path,
          }))}
          typedLabel={(text) => `Add ${text}`}
        />
      )}
    </Field>
  );
}
