import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Terminal } from '@farhand/shared/model/terminals';
import type { KeysFate } from './keys.ts';
import { restOrStop, type Work } from './work.ts';

/** What was typed into a terminal, in order, and what became of it. */
export interface Typed {
  readonly tag: string;
  readonly terminal: Terminal;
  readonly keys: { readonly text: string; readonly fate: KeysFate }[];
}

/** A terminal in which nothing runs but its shell. */
export async function openTerminal({ world }: Work, workspaceId: WorkspaceId): Promise<Terminal> {
  const { terminal } = await world.client.call('terminal.open', { workspaceId, rows: 24, cols: 200 });
  const seen = world.page.watchTerminal(terminal.id);
  await world.page.until(() => seen.end > 0, 'the shell’s prompt', AbortSignal.timeout(30_000));
  return terminal;
}

/** Types numbered lines at a person's pace until it is to stop. Each says on the host, and on the screen, that it ran. */
export async function typeLines(work: Work, terminal: Terminal, tag: string): Promise<Typed> {
  const { world, tally, random, stopping, deadline } = work;
  const sent: { readonly text: string; readonly fate: Promise<KeysFate> }[] = [];
  for (let number = 0; !stopping.aborted; number++) {
    // Quotes in the middle: what is typed does not look like what it prints.
    const text = `echo ${tag}""_${number}_ | tee -a "$HOME/chaos/${tag}"\r`;
    const fate = world.page.keys.type(terminal.id, text);
    // A person types on without waiting for the answer.
    if (fate) sent.push({ text, fate });
    else tally.fact('keys not sent: no server');
    await restOrStop(random.between(100, 700), stopping);
  }
  const late = new Promise<'late'>((resolve) => {
    deadline.addEventListener('abort', () => resolve('late'));
    if (deadline.aborted) resolve('late');
  });
  const keys: Typed['keys'] = [];
  for (const { text, fate } of sent) {
    const known = await Promise.race([fate, late]);
    if (known === 'late') throw new Error(`nobody says what became of ${text}`);
    keys.push({ text, fate: known });
    tally.fact(`keys ${known}`);
  }
  return { tag, terminal, keys };
}

/** Starts a program that counts by itself until `stopCounting`; to be done while nothing is broken. */
export async function startCounting({ world }: Work, terminal: Terminal, tag: string): Promise<Typed> {
  const program = `i=0; while [ ! -e ~/chaos/stop ]; do echo ${tag}""_$i""_; i=$((i+1)); sleep 0.05; done`;
  const text = `${program}; echo ${tag}""_end >>~/chaos/${tag}\r`;
  const fate = (await world.page.keys.type(terminal.id, text)) ?? 'refused';
  const seen = world.page.terminals.get(terminal.id);
  const begun = () => seen?.bytes.includes(`${tag}_0_`) ?? false;
  await world.page.until(begun, `${tag} to count`, AbortSignal.timeout(30_000));
  return { tag, terminal, keys: [{ text, fate }] };
}
