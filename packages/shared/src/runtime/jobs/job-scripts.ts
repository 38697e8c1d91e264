import { FarhandError } from '../../errors/farhand-error.ts';
import { exportLines } from '../environment.ts';
import type { Command, Environment, JobSpec } from '../port.ts';
import { quote } from '../quote.ts';

const JOBS_OF_ONE_LS = 100;

/** Shell text that sets `d` to the job's folder. */
export const folder = (id: string) => `d=$HOME/.farhand/jobs/${quote(id)}\n`;

/** The command as a file that `sh` runs. */
export function commandText(command: Command): string {
  return 'script' in command ? command.script : `exec ${command.argv.map(quote).join(' ')}`;
}

// A here-document and not printf: in some shells printf is a program, and the text would be an argument.
function writeFile(path: string, text: string): string {
  if (text.includes('\0'))
    throw new FarhandError('request.invalid', { message: 'A command cannot hold a NUL character.' });
  let end = 'END_OF_FILE';
  while (text.split('\n').includes(end)) end += '_';
  return `cat >${path} <<'${end}' || fail "cannot write ${path.replaceAll('"', '')}"\n${text}\n${end}\n`;
}

/** Answers one line: `started`, `exists`, `cwd <why>`, `unsupported`, or `failed <message>`. */
export function startScript(spec: JobSpec): string {
  const { id, terminal } = spec;
  const input = spec.input || terminal ? 1 : 0;
  const merge = spec.mergeOutput || terminal ? 1 : 0;
  const label = spec.label === undefined ? '' : `printf '%s\\n' ${quote(spec.label)} >"$d/label"\n`;
  return `${folder(id)}begin_start ${quote(spec.cwd)} ${terminal ? 1 : 0}
${label}${writeFile('"$d/run"', commandText(spec.command))}job_environment() {
:
${exportEnvironment(spec.env)}}
end_start ${input} ${merge} ${terminal?.rows ?? 0} ${terminal?.cols ?? 0}
`;
}

// The keeper needs the host's own PATH: the program's is put in place where the program begins.
function exportEnvironment(env: Environment = {}): string {
  const { PATH: path, ...others } = env;
  return exportLines(path === undefined ? others : { ...others, FARHAND_PATH: path });
}

/**
 * For one job or all with a label: lines `job <id>`, `label …`, `status …`, and those of `ls -ln` of their files by
 * `<id>/<name>`. A job costs no program of its own, so that hundreds are one quick look. A folder whose start was cut off
 * is only in a list, so that it is found and removed.
 */
export function statusScript(only: { id: string } | { label: string | undefined }): string {
  const wanted =
    'label' in only && only.label !== undefined ? `[ "$label" = ${quote(only.label)} ] || continue` : '';
  return `cd "$HOME/.farhand/jobs" 2>/dev/null || exit 0
list_files() {
  [ -z "$files" ] || LC_ALL=C ls -lnd $files 2>/dev/null
  files= count=0
}
files= count=0
for d in ${'id' in only ? quote(only.id) : 'job_*'}; do
  ${'id' in only ? '[ -s "$d/pid" ]' : '[ -d "$d" ]'} || continue
  label=
  { read -r label <"$d/label"; } 2>/dev/null
  ${wanted}
  echo "job $d"
  [ -e "$d/label" ] && printf 'label %s\\n' "$label"
  printf 'status '
  status
  files="$files $d/*" count=$((count + 1))
  # As many as an argument list surely takes.
  [ $count -lt ${JOBS_OF_ONE_LS} ] || list_files
done
list_files
exit 0
`;
}

/** Signals the program's group: 0 done or nothing to do, 4 no such job. For a terminal, the group of its shell too. */
export function signalScript(id: string, name: string): string {
  return `${folder(id)}[ -d "$d" ] || exit 4
owners
for group in $program $shell; do
  [ "$group" -gt 0 ] && kill -s ${name} -- "-$group" 2>/dev/null
done
exit 0
`;
}

/** Ends the job and prints its status; 4 where there is none. */
export function stopScript(id: string, graceMs: number): string {
  return `${folder(id)}[ -s "$d/pid" ] || exit 4
owners
end_sessions ${Math.round(graceMs)}
await_exit
status
`;
}

/** Leaves neither process nor folder. */
export function removeScript(id: string): string {
  return `${folder(id)}[ -e "$d" ] || exit 0
owners
end_sessions 500
await_exit
[ "$keeper" -gt 0 ] && members "$keeper" && [ -n "$members" ] && kill -s KILL -- $members 2>/dev/null
rm -rf "$d"
i=0
while [ -e "$d" ] && [ $i -lt 20 ]; do sleep 0.05; rm -rf "$d"; i=$((i + 1)); done
[ ! -e "$d" ]
`;
}

/** Sets the size of a terminal's pty: 4 no such job, 5 no terminal. */
export function resizeScript(id: string, rows: number, cols: number): string {
  return `${folder(id)}[ -s "$d/pid" ] || exit 4
i=0
while owners; [ -z "$tty" ] && [ "$program" -gt 0 ] && [ $i -lt 40 ] && [ -e "$d/in" ]; do sleep 0.05; i=$((i + 1)); done
[ "$shell" -gt 0 ] || exit 0
[ -c "$tty" ] && stty rows ${rows} cols ${cols} <"$tty"
exit 0
`;
}

/** Prints the offset it reads from and a newline, then bytes of one segment; 4 where there is no job. */
export function readScript(id: string, stream: string, range: { offset: number; limit: number }): string {
  return `${folder(id)}[ -s "$d/pid" ] || exit 4
n=${range.offset}
find_segment ${stream}
[ $segment -ge 0 ] || { n=$following; segment=$following; }
echo $n
tail -c +$((n - segment + 1)) "$d/${stream}.$segment" | head -c ${range.limit}
exit 0
`;
}
