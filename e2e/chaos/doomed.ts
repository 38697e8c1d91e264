import type { SessionId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { endlessPromptOf } from './agent-script.ts';
import { hasEnded, openSession, prompt, TURNS_OF_A_SESSION, turnState } from './agents.ts';
import { endlessScript } from './counting.ts';
import { ask, isUnanswered, restOrStop, type Work } from './work.ts';

const LONGEST_LIFE_MS = 6000;

/** Has programs without an end begun and stopped again until it is to stop; gives their tags. None may be left. */
export async function stopTurns(work: Work, workspaceId: Workspace['id'], name: string): Promise<string[]> {
  const { world, tally, random, stopping, deadline } = work;
  const tags: string[] = [];
  let sessionId: SessionId | null = null;
  while (!stopping.aborted) {
    if (sessionId === null || tags.length % TURNS_OF_A_SESSION === 0)
      sessionId = await openSession(work, workspaceId);
    const id = sessionId;
    const tag = `${name}n${tags.length}`;
    const text = endlessPromptOf(tag);
    tags.push(tag);
    await prompt(work, id, text);
    await restOrStop(random.between(200, LONGEST_LIFE_MS), stopping);
    const seen = world.page.watchSession(id);
    await ask(() => world.client.call('session.stop', { sessionId: id }), deadline);
    await world.page.until(() => hasEnded(seen, text), `the stop of ${tag}`, deadline);
    const state = turnState(seen, text);
    if (state !== 'stopped') tally.problem('false_exit', tag, `the turn is ${state}, not stopped`);
  }
  return tags;
}

/** A program without an end in a workspace that is deleted in the middle of it all. */
export async function deleteInTheMiddle(work: Work, workspace: Workspace, tag: string): Promise<void> {
  const { world, tally, random, stopping, deadline } = work;
  const workspaceId = workspace.id;
  // It never answers: the workspace goes before.
  world.client
    .call('workspace.exec', { workspaceId, argv: ['sh', '-c', endlessScript(tag)] })
    .catch(() => tally.fact('commands of deleted workspaces'));
  await restOrStop(random.between(3000, 25_000), stopping);
  await deleteWorkspace(work, workspaceId);
  await world.page.until(
    () => !world.page.entities.has(`workspace ${workspaceId}`),
    `${workspace.name} to go`,
    deadline,
  );
}

/** Asks until it is deleted, or the deletion waits for the host. */
async function deleteWorkspace({ world, deadline }: Work, workspaceId: Workspace['id']): Promise<void> {
  const isGone = () => {
    const entity = world.page.entities.get(`workspace ${workspaceId}`);
    return !entity || (entity.kind === 'workspace' && entity.value.isWaitingForHost);
  };
  for (;;) {
    try {
      await world.client.call('workspace.delete', { workspaceId, force: true });
      return;
    } catch (error) {
      // Out of reach is told and may be asked again; a workspace that is gone was deleted by the question before.
      const isWorthAsking = isUnanswered(error) || /"code":"host\./.test(String(error));
      if (!isWorthAsking && /workspace\.not_found/.test(String(error))) return;
      if (!isWorthAsking || deadline.aborted) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (isGone()) return;
  }
}
