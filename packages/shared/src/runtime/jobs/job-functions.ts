import { STARTED } from './keeper-script.ts';

/** Shell functions about a job whose folder is `$d`. */
export const JOB_FUNCTIONS = `${STARTED}
own() {
  started "$1"
  [ -z "$start" ] || [ "$2" = - ] || [ "$start" = "$2" ]
}

# Reads who runs it, unless that was before the machine started anew: then rebooted is 1.
read_pids() {
  rebooted=0
  { read -r k kstart p pstart pboot dot <"$d/pid"; } 2>/dev/null || return 1
  [ "$dot" = . ] || return 1
  boot_id
  [ "$boot" = "$pboot" ] && return 0
  [ "$boot" = - ] || [ "$pboot" = - ] || rebooted=1
  return 1
}

# Sets keeper, program (0 where gone) and, for a terminal, shell: only processes that are still the job's own.
owners() {
  keeper=0 program=0 shell=0 tty=
  read_pids || return 0
  own "$k" "$kstart" && keeper=$k
  own "$p" "$pstart" && program=$p
  { read -r s sstart tty dot <"$d/tty"; } 2>/dev/null || return 0
  own "$s" "$sstart" && shell=$s
  return 0
}
is_kept() {
  [ "$keeper" -gt 0 ] && started "$keeper" && [ -n "$start" ]
}

# Prints the line of "exit", "running", "rebooted" or "lost". Looks at one process: a file of /proc is made anew for
# each byte that "read" takes of it, and there may be hundreds of jobs.
status() {
  wrote_exit && return
  alive=0
  read_pids && own "$k" "$kstart" && [ -n "$start" ] && alive=1
  # A keeper that is gone may have written it since.
  wrote_exit && return
  if [ $alive = 1 ]; then echo running; elif [ $rebooted = 1 ]; then echo rebooted; else echo lost; fi
}
wrote_exit() {
  line=
  { read -r line <"$d/exit"; } 2>/dev/null
  case $line in *' .') echo "$line" ;; *) return 1 ;; esac
}

# Sets members to the living processes of the job's sessions; zombies are gone already.
members() {
  members=
  if [ ! -e /proc/self/stat ]; then
    for group in $1; do kill -0 -- "-$group" 2>/dev/null && members="$members -$group"; done
    return
  fi
  # Not by "read": it takes one byte at a time, of a file that is made anew for each.
  wanted=
  for session in $1; do
    wanted="$wanted
s/^\\([0-9]*\\) (.*) [^ZX] [0-9]* [0-9]* $session .*/\\1/p"
  done
  members=$(cat /proc/[0-9]*/stat | LC_ALL=C sed -n "$wanted")
} 2>/dev/null

end_sessions() {
  sessions_of_job=
  for session in $program $shell; do [ "$session" -gt 0 ] && sessions_of_job="$sessions_of_job $session"; done
  [ -n "$sessions_of_job" ] || return 0
  # In a terminal only what is inside, all its groups: "script" then ends by itself and tells how. A shell there
  # ignores SIGTERM and ends when its line hangs up.
  if [ "$shell" -gt 0 ]; then
    members "$shell"
    for name in HUP TERM CONT; do kill -s $name -- $members 2>/dev/null; done
  else
    kill -s TERM -- "-$program" 2>/dev/null
    kill -s CONT -- "-$program" 2>/dev/null
  fi
  left=$1
  while members "$sessions_of_job"; [ -n "$members" ]; do
    [ $left -le 0 ] && kill -s KILL -- $members 2>/dev/null
    sleep 0.02
    left=$((left - 30))
    [ $left -lt -5000 ] && return 1
  done
  return 0
}
# The keeper writes the exit right after the program's end.
await_exit() {
  i=0
  while [ $i -lt 100 ] && [ ! -s "$d/exit" ] && is_kept; do sleep 0.02; i=$((i + 1)); done
}

# Sets segment to the one that holds byte n and following to the next one; -1 where there is none.
find_segment() {
  segment=-1 following=-1
  for file in "$d/$1".*; do
    first=\${file##*.}
    case $first in '' | *[!0-9]*) continue ;; esac
    if [ "$first" -le "$n" ]; then
      [ "$first" -gt $segment ] && segment=$first
    elif [ $following -lt 0 ] || [ "$first" -lt $following ]; then
      following=$first
    fi
  done
}
`;
