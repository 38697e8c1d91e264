import { quote } from '../quote.ts';
import { folder } from './job-scripts.ts';

/** How the script ends where it is to be run again, because bytes were dropped before it could read them. */
export const MISSED_STATUS = 75;
/** How it ends where there is no such job. */
export const NO_JOB_STATUS = 4;

/**
 * Passes on `out` on stdout and `err` on stderr: first a line `at <offset>` with where it starts, then the bytes as they
 * come; after all of them, on stdout, `trailer`, the job's status and a newline.
 *
 * Nothing polls: `tail -f` follows the newest segment through dd, which counts what has passed; a fifo tells of a new
 * segment, and another that the keeper holds open tells by its end of file that the keeper is gone.
 */
export function attachScript(
  job: { id: string; nonce: string; trailer: string },
  after: { out: number; err: number },
): string {
  return `${folder(job.id)}attach_job ${job.nonce} ${quote(job.trailer)} ${after.out} ${after.err}
`;
}

/** Shell functions that follow the job whose folder is `$d`. */
export const ATTACH_FUNCTIONS = `told() {
  result=$1
  if [ $live = 1 ]; then
    if [ "$1" = 0 ]; then echo done >&9; else echo missed >&9; fi
  fi
  exit "$result"
}

# In the background, so that being told to end does not wait for a reader who takes nothing.
copy() {
  [ -s "$d/$1.$segment" ] || return 0
  tail -c +$((n - segment + 1)) "$d/$1.$segment" &
  tail=$!
  wait $tail
}

# The newest segment until there is news; adds to n what has passed.
follow_newest() {
  # Both ends are opened here: a tail that is killed before it opened its own would leave dd waiting.
  exec 7<>"$watch/$1-data"
  exec 6<"$watch/$1-data" 4>"$watch/$1-data"
  exec 7>&-
  tail -c +$((n - segment + 1)) -f $pace "$d/$1.$segment" >&4 4>&- 6<&- 8>&- 9>&- &
  tail=$!
  LC_ALL=C dd bs=65536 <&6 2>"$watch/$1-dd" 4>&- 6<&- 8>&- 9>&- &
  dd=$!
  exec 4>&- 6<&-
  read -r word <&8
  [ "$word" = gone ] && gone=1
  # A signal that can be caught may be lost while a new process is not yet the tail.
  kill -s KILL $tail
  wait $tail $dd
  { read -r rest; read -r rest; read -r bytes rest; } <"$watch/$1-dd"
  n=$((n + bytes))
  dd=
}

# Ends with 0 when the job is over and everything is passed on, with 1 when bytes were dropped before that.
follow() {
  n=$2 tail= dd=
  trap 'kill -s KILL $tail $dd; exit 143' TERM HUP INT
  [ $gone = 1 ] || exec 8<>"$watch/$1"
  while :; do
    find_segment "$1"
    [ $segment -ge 0 ] || return 1
    [ $gone = 1 ] || echo $segment >"$watch/$1.at"
    if [ $following -ge 0 ]; then
      copy "$1" || return 1
      n=$following
    elif [ $gone = 1 ]; then
      copy "$1"
      return
    else
      follow_newest "$1"
    fi
  done
}

begin() {
  n=$2
  find_segment "$1"
  [ $segment -lt 0 ] && [ $following -ge 0 ] && n=$following
}

end_watch() {
  trap '' TERM HUP
  kill $followers
  kill -s KILL $waiter
  # Once more for one that was too young to catch it.
  sleep 0.05
  kill $followers
  wait
  rm -rf "$watch"
}

# attach_job <nonce> <trailer> <offset of out> <offset of err>
attach_job() {
  exec 5>&2 2>/dev/null
  watch=$d/watch.$1 trailer=$2
  [ -s "$d/pid" ] || exit ${NO_JOB_STATUS}
  gone=0 live=0 followers= waiter=
  begin out $3; out=$n
  begin err $4; err=$n
  echo "at $out"
  echo "at $err" >&5
  trap 'end_watch; exit 143' TERM HUP INT
  if [ -s "$d/exit" ] || ! mkdir "$watch"; then
    gone=1
  else
    pace=; tail -s 0.05 -c 0 /dev/null && pace='-s 0.05'
    mkfifo "$watch/out" "$watch/err" "$watch/out-data" "$watch/err-data" "$watch/told"
    exec 7<>"$d/alive" 6<"$d/alive" 9<>"$watch/told"
    exec 7>&-
    # Held open from here on: what is written into a fifo that nobody has opened is lost.
    exec 3<>"$watch/out" 4<>"$watch/err"
    (exec >/dev/null 5>&-; read -r word <&6; echo gone >&9) &
    waiter=$!
    exec 6<&-
    live=1
  fi
  (exec 5>&-; follow out $out; told $?) &
  followers=$!
  left=1
  if [ ! -e "$d/merged" ]; then
    (exec >&5 5>&-; follow err $err; told $?) &
    followers="$followers $!"
    left=2
  fi
  while [ $live = 1 ] && [ $left -gt 0 ] && read -r word <&9; do
    case $word in
      gone) echo gone >&3; echo gone >&4 ;;
      missed) end_watch; exit ${MISSED_STATUS} ;;
      done) left=$((left - 1)) ;;
    esac
  done
  missed=0
  for follower in $followers; do wait "$follower" || missed=1; done
  [ -n "$waiter" ] && wait $waiter
  [ ! -d "$watch" ] || rm -rf "$watch"
  [ $missed = 0 ] || exit ${MISSED_STATUS}
  printf '%s%s\\n' "$trailer" "$(status)"
}
`;
