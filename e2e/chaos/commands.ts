import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { CallOutput } from '@farhand/shared/protocol/calls';
import { type Counting, countingScript, expectedOutput, someCounting } from './counting.ts';
import { isUnanswered, restOrStop, type Work } from './work.ts';

/** A command that was asked for; `isAnswered` is false where the server was killed before it could answer. */
export interface AskedCommand {
  readonly counting: Counting;
  readonly isAnswered: boolean;
}

/** Runs command after command until it is to stop, and looks at each answer. */
export async function runCommands(
  work: Work,
  workspaceId: WorkspaceId,
  name: string,
): Promise<AskedCommand[]> {
  const { world, tally, random, stopping, deadline } = work;
  const asked: AskedCommand[] = [];
  while (!stopping.aborted) {
    await world.page.until(() => world.page.isConnected, 'the server', deadline);
    const counting = someCounting(`${name}n${asked.length}`, random.next);
    const argv = ['sh', '-c', countingScript(counting)];
    try {
      const answer = await world.client.call('workspace.exec', { workspaceId, argv });
      asked.push({ counting, isAnswered: true });
      check(work, counting, answer);
    } catch (error) {
      asked.push({ counting, isAnswered: false });
      if (isUnanswered(error)) tally.fact('commands without an answer');
      else tally.problem('false_refusal', counting.tag, String(error));
      await restOrStop(300, stopping);
    }
  }
  return asked;
}

function check({ tally }: Work, counting: Counting, answer: CallOutput<'workspace.exec'>): void {
  const { tag } = counting;
  if (answer.exitCode !== 0)
    tally.problem('false_exit', tag, `status ${answer.exitCode}, signal ${answer.signal}`);
  const stdout = Buffer.from(answer.stdout, 'base64').toString();
  tally.stream('commands', stdout.length);
  tally.compare(`command ${tag}`, stdout, expectedOutput(counting));
  if (answer.truncated) tally.problem('lost', tag, 'said to be truncated');
  if (answer.stderr !== '') tally.problem('repeated', tag, `stderr ${answer.stderr}`);
}
