import type { SessionId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { quote } from '@farhand/shared/runtime/quote';

/** In the environment of an agent, and so of all that it starts. */
export const MARK = 'FARHAND_SESSION';

const TIMEOUT_MS = 10_000;
const MOST = 50;

/** A process that an agent started and that outlived it. */
export interface LeftBehind {
  readonly pid: number;
  readonly name: string;
}

// Linux alone tells the environment of a process; elsewhere nothing is found. One grep for all: a host may have
// thousands of processes. Ids are of one length and never the same, so that a part of a word is enough.
const eachMarked = (id: SessionId, work: string) => `
for file in $(grep -lF -e ${quote(`${MARK}=${id}`)} /proc/[0-9]*/environ); do
folder=\${file%/environ}
pid=\${folder#/proc/}
${work}
done 2>/dev/null
`;

/**
 * What a session's agent left on its host, after its own process group is gone. What is gone half a second later was
 * only ending: what carried the agent's job is among that.
 */
export async function findLeftBehind(runtime: Runtime, id: SessionId): Promise<LeftBehind[]> {
  const script = `{ seen=' '
${eachMarked(id, 'seen="$seen$pid "')}
[ "$seen" = ' ' ] && exit 0
sleep 0.5 || sleep 1
${eachMarked(id, 'case $seen in *" $pid "*) read -r name <"$folder/comm" && echo "$pid $name" ;; esac')} } 2>/dev/null
exit 0
`;
  const { stdout } = await runtime.exec({ script }, { timeoutMs: TIMEOUT_MS });
  return new TextDecoder()
    .decode(stdout)
    .split('\n')
    .flatMap((line) => {
      const [, pid, name] = /^(\d+) ([\x20-\x7e]{1,40})$/.exec(line) ?? [];
      return pid && name ? [{ pid: Number(pid), name }] : [];
    })
    .slice(0, MOST);
}

/** Ends what a session's agent left on its host. */
export async function endLeftBehind(runtime: Runtime, id: SessionId): Promise<void> {
  const script = `{ for name in TERM KILL; do
left=
${eachMarked(id, 'kill -s $name "$pid" && left=1')}
[ -n "$left" ] || break
[ $name = KILL ] || sleep 0.5
done; } 2>/dev/null
exit 0
`;
  await runtime.exec({ script }, { timeoutMs: TIMEOUT_MS });
}
