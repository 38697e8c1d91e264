import { parseHostTarget } from '@farhand/shared/model/host-target';
import type { ProjectId } from '@farhand/shared/model/ids';
import type { Project } from '@farhand/shared/model/projects';
import type { TransferMode, Workspace } from '@farhand/shared/model/workspaces';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { stateStore } from '@/client/state-store.ts';
import { showWorkspace, viewStore } from '@/client/view-store.ts';
import { useBranches } from '../projects/branch-field.tsx';
import { recentFirst } from '../projects/project-field.tsx';
import { setFirstMessage } from './first-message.ts';
import { suggestName } from './workspace-name.ts';

/** The answers of the dialog; `branch` is null as long as nobody chose one. */
interface Answers {
  readonly project: Project | null;
  readonly host: string;
  readonly branch: string | null;
  readonly name: string;
  readonly transfer: TransferMode;
  readonly message: string;
  /** Null for the default. */
  readonly sandbox: string | null;
}

const workspacesOf = (project: Project | null): readonly Workspace[] =>
  Object.values(stateStore.getState().workspaces).filter((workspace) => workspace.projectId === project?.id);

const freshName = (project: Project | null): string =>
  suggestName(workspacesOf(project).map((workspace) => workspace.name));

// The project on the screen, else the last one used; the host that is the default, and none where nobody knows it.
function firstAnswers(asked: ProjectId | undefined): Answers {
  const { projects, workspaces, hosts } = stateStore.getState();
  const shown = workspaces[viewStore.getState().workspaceId ?? ''];
  const project = projects[asked ?? shown?.projectId ?? ''] ?? recentFirst(projects)[0] ?? null;
  return {
    project,
    host: Object.values(hosts).find(({ isDefault }) => isDefault)?.id ?? '',
    branch: null,
    name: freshName(project),
    transfer: 'history',
    message: '',
    sandbox: null,
  };
}

/** Which field an error of `workspace.create` belongs to. */
function fieldOfError(code: string): 'host' | 'branch' | 'name' | 'form' {
  if (code === 'workspace.name_taken') return 'name';
  if (code === 'project.branch_not_found') return 'branch';
  return code.startsWith('host.') ? 'host' : 'form';
}

/** The answers of the new-workspace dialog, at first for the `asked` project, what is wrong with them, and `create`. */
export function useNewWorkspace(asked: ProjectId | undefined) {
  const [answers, setAnswers] = useState(() => firstAnswers(asked));
  const [error, setError] = useState<ApiError | null>(null);
  const [isCreating, setIsCreating] = useState(false);
  const branches = useBranches(answers.project);
  const branch =
    answers.branch ??
    branches.data?.current ??
    answers.project?.defaultBranch ??
    branches.data?.branches[0] ??
    null;
  const isComplete =
    answers.project !== null &&
    branch !== null &&
    answers.name.trim() !== '' &&
    parseHostTarget(answers.host) !== null;

  const change = (part: Partial<Answers>) => {
    setError(null);
    setAnswers((before) => ({ ...before, ...part }));
  };
  const create = async () => {
    const { project, host, name, transfer, message, sandbox } = answers;
    if (!isComplete || !project || branch === null) return;
    setIsCreating(true);
    try {
      const { workspace } = await call('workspace.create', {
        projectId: project.id,
        host,
        branch,
        name: name.trim(),
        transfer,
        ...(sandbox === null ? {} : { sandbox }),
      });
      setFirstMessage(workspace.id, { text: message.trim(), isQueued: message.trim() !== '' });
      showWorkspace(workspace.id);
    } catch (thrown) {
      setError(ApiError.from(thrown));
      setIsCreating(false);
    }
  };
  const chooseProject = (project: Project | null) =>
    change({ project, branch: null, ...(project && { name: freshName(project) }) });
  const errorOf = (field: ReturnType<typeof fieldOfError>) =>
    error && fieldOfError(error.code) === field ? error : null;
  return { answers, change, chooseProject, create, errorOf, isComplete, isCreating };
}
