import type { ProjectId } from '@farhand/shared/model/ids';
import { type ReactNode, useState } from 'react';
import { useServerState } from '@/client/state-store.ts';
import { EmptyState } from '@/ui/empty-state.tsx';
import { Field } from '@/ui/field.tsx';
import { Select } from '@/ui/select.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { recentFirst } from '../projects/project-field.tsx';

interface ProjectPartProps {
  /** The project that is shown first; the one used last where absent. */
  readonly initialProject: ProjectId | undefined;
  /** Said where there is no project yet. */
  readonly otherwise: string;
  readonly children: (projectId: ProjectId) => ReactNode;
}

/** Settings that a project has: the choice of the project, and below it what is set for that. */
export function ProjectPart({ initialProject, otherwise, children }: ProjectPartProps) {
  const projects = recentFirst(useServerState((state) => state.projects));
  const [chosen, setChosen] = useState<ProjectId | null>(initialProject ?? null);
  const projectId = chosen ?? projects[0]?.id;
  const isLoaded = useServerState((state) => state.isLoaded);
  if (!projectId && !isLoaded) return <Skeleton className="h-12" />;
  if (!projectId) return <EmptyState title="No projects yet">{otherwise}</EmptyState>;
  return (
    <>
      <div className="max-w-sm">
        <Field label="Project">
          {({ id }) => (
            <Select
              id={id}
              value={projectId}
              onChange={setChosen}
              choices={projects.map((project) => ({ value: project.id, label: project.name }))}
            />
          )}
        </Field>
      </div>
      {children(projectId)}
    </>
  );
}
