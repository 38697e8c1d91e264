import type { ToolCallItem, TranscriptItem } from '@farhand/shared/model/transcripts';
import type { ModelRequest } from '@farhand/shared/testing/model-server';
import { callsOf, farewellOf, promptOf, toldOf } from './agent-script.ts';
import type { AskedTurn } from './agents.ts';
import type { ChaosWorld } from './chaos-world.ts';
import { type Counting, expectedOutput } from './counting.ts';
import { jobStream } from './job-files.ts';
import type { Tally } from './tally.ts';

/** Every turn that was asked for is there once, has ended well, and holds exactly what its programs printed. */
export function checkAgents(world: ChaosWorld, tally: Tally, asked: readonly AskedTurn[]): void {
  const tags = new Set(asked.flatMap(({ turn }) => callsOf(turn).flat()).map(({ tag }) => tag));
  const told = toldResults(world.model.requests, tags, tally);
  for (const { turn, sessionId } of asked) {
    const items = world.page.sessions.get(sessionId)?.items ?? [];
    const text = promptOf(turn);
    const messages = items.filter((item) => item.kind === 'user_message' && item.text === text);
    if (messages.length !== 1)
      tally.problem('input', turn.name, `its prompt is there ${messages.length} times`);
    tally.stream('prompts', text.length * messages.length);
    const ofTurn = items.filter((item) => item.turnId === messages[0]?.turnId);
    checkTurn(tally, turn.name, ofTurn);
    checkOnce(tally, `farewell of ${turn.name}`, texts(ofTurn), farewellOf(turn));
    const calls = ofTurn.filter((item) => item.kind === 'tool_call');
    const wanted = callsOf(turn).flat();
    if (calls.length > wanted.length)
      tally.problem('repeated', turn.name, `${calls.length} calls for ${wanted.length}`);
    for (const counting of wanted) {
      checkCall(
        { world, tally, counting },
        calls.filter(({ callId }) => callId === counting.tag),
      );
      const result = told.get(counting.tag);
      if (result === undefined) tally.problem('lost', counting.tag, 'the model was never told');
      else tally.compare(`told of ${counting.tag}`, result, toldOf(expectedOutput(counting)));
    }
  }
}

interface CallCheck {
  readonly world: ChaosWorld;
  readonly tally: Tally;
  readonly counting: Counting;
}

function checkCall({ world, tally, counting }: CallCheck, calls: readonly ToolCallItem[]): void {
  const { tag } = counting;
  const [call] = calls;
  if (!call || calls.length > 1) {
    tally.problem(call ? 'repeated' : 'lost', tag, `the call is there ${calls.length} times`);
    return;
  }
  if (call.state !== 'done' || call.exit?.kind !== 'exited' || call.exit.code !== 0)
    tally.problem(
      'false_exit',
      tag,
      `${call.state} ${JSON.stringify(call.exit)} ${call.result?.slice(-300)}`,
    );
  const expected = expectedOutput(counting);
  tally.stream('tool calls', call.output.length);
  tally.compare(`shown of ${tag}`, call.output, expected);
  tally.compare(`result of ${tag}`, call.result ?? '', toldOf(expected));
  const kept = call.jobId && jobStream(world.sshd.home, call.jobId, 'out');
  if (kept) tally.compare(`the host’s file of ${tag}`, kept.toString(), expected);
}

function checkTurn(tally: Tally, name: string, items: readonly TranscriptItem[]): void {
  const turns = items.filter((item) => item.kind === 'turn');
  const [turn] = turns;
  if (turns.length !== 1 || turn?.state !== 'done')
    tally.problem('false_exit', name, JSON.stringify(turns.map(({ state, error }) => ({ state, error }))));
}

const texts = (items: readonly TranscriptItem[]): string[] =>
  items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));

function checkOnce(tally: Tally, where: string, all: readonly string[], wanted: string): void {
  const count = all.filter((text) => text === wanted).length;
  if (count !== 1)
    tally.problem(count === 0 ? 'lost' : 'repeated', where, `there ${count} times of ${all.length} texts`);
}

/** What models were told of these calls; a later request must not say anything else than an earlier one. */
function toldResults(
  requests: readonly ModelRequest[],
  tags: ReadonlySet<string>,
  tally: Tally,
): Map<string, string> {
  const told = new Map<string, string>();
  for (const { messages } of requests) {
    const ofRequest = new Set<string>();
    for (const { role, tool_call_id: id, content } of messages) {
      if (role !== 'tool' || id === undefined || !tags.has(id)) continue;
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      if (ofRequest.has(id)) tally.problem('repeated', id, 'told twice in one request');
      if (told.has(id) && told.get(id) !== text) tally.problem('disagreement', id, 'told in two ways');
      ofRequest.add(id);
      told.set(id, text);
    }
  }
  return told;
}
