import { HOLD_PTY, PTY_HOLDER } from './pty-program.ts';

/** Shell function `started <pid>`: sets `start` to when the process began, or to nothing where there is none. */
export const STARTED = `started() {
  start=
  if [ -e /proc/self/stat ]; then
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || return
    set -- \${line##*) }
    # A zombie runs no more; where nobody collects it, it stays for ever.
    case $1 in Z | X) return ;; esac
    [ $# -ge 20 ] && start=\${20}
  else
    start=$(ps -o lstart= -p "$1" 2>/dev/null | tr -s ' ' '_')
  fi
}
boot_id() {
  boot=$farhand_boot
  [ -z "$boot" ] || return 0
  { read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
  boot=\${boot:--} farhand_boot=$boot
}
`;

/**
 * What runs on the host for one job, as `sh <this> keep <folder> …`. It starts the program in a session of its own,
 * writes down who runs, passes its output into segments and leaves its exit. Descriptors: 3 answers whoever started
 * the job, 8 is held by the keeper alone so that its end is seen by those who wait, 9 hears of streams that ended.
 */
export const KEEPER = `${STARTED}
${PTY_HOLDER}${HOLD_PTY}
# The room of one stream: segments of SEGMENT bytes and at most one dd's worth more, KEPT bytes in all.
SEGMENT=4194304
KEPT=58720256
READS=512

run_in_session() {
  if command -v setsid >/dev/null; then exec setsid "$@"; fi
  exec perl -MPOSIX=setsid -e 'setsid(); exec @ARGV; exit 127' "$@"
}

# True while someone still reads the segment that is to be dropped.
is_behind() {
  for mark in "$d"/watch.*/"$1".at; do
    [ -s "$mark" ] || continue
    read -r at <"$mark"
    [ "$at" -le "$2" ] && return 0
  done
  return 1
}

# A reader on the way gets a second per segment before it misses something: so a program that floods is held to
# the pace of its reader, but never below 4 MB/s.
drop_oldest() {
  oldest=\${kept%% *}
  i=0
  while [ $i -lt 20 ] && is_behind "$1" "$oldest"; do sleep 0.05; i=$((i + 1)); done
  # One that did not move may be gone: it is not waited for again before it takes a next segment.
  while [ $i -ge 20 ] && is_behind "$1" "$oldest"; do rm -f "$mark"; done
  rm -f "$d/$1.$oldest"
  kept=\${kept#* }
}

next_segment() {
  segment=$total
  true >>"$d/$1.$segment"
  kept="$kept $segment"
  while [ $((total - \${kept%% *})) -gt $KEPT ]; do drop_oldest "$1"; done
}

# dd never reads more of a pipe than it writes out. It says how many reads it made and how many bytes that was.
split() {
  trap '' HUP INT TERM QUIT
  # By exec: a shell keeps a copy of what a redirection of a function or a group closes.
  exec 3>&- 8>&-
  total=0 segment=0 kept=0
  while :; do
    [ $((total - segment)) -ge $SEGMENT ] && next_segment "$1"
    if LC_ALL=C dd bs=8192 count=$READS >>"$d/$1.$segment" 2>"$d/$1-dd"; then
      { read -r reads rest; read -r rest; read -r bytes rest; } <"$d/$1-dd"
      case $bytes in
        '' | *[!0-9]*) total=$((segment + $(wc -c <"$d/$1.$segment"))) ;;
        *) total=$((total + bytes)) ;;
      esac
      case $reads in [0-9]*+[0-9]*) [ $(($reads)) -lt $READS ] && break ;; esac
    else
      # The disk is full or gone: the program waits, as it would for a file.
      total=$((segment + $(wc -c <"$d/$1.$segment")))
      case $kept in *' '*) drop_oldest "$1" ;; *) sleep 1 ;; esac
    fi
  done
  echo end >&9
}

# Passes on the input as it comes. A tail that looks but once a second, as busybox has it, is no keyboard.
feed() {
  tail -s 0.05 -c 0 /dev/null && exec tail -c +1 -f -s 0.05 "$d/in"
  exec 4<"$d/in"
  while cat <&4; do sleep 0.1 || sleep 1; done
}

# keep <folder> <umask> <input> <merge> <rows> <cols>
keep() {
  exec 3>&1 </dev/null >/dev/null 2>&1
  trap : HUP INT TERM
  mkfifo "$d/o" "$d/e" "$d/i" "$d/done" "$d/alive" || exit 1
  exec 8<>"$d/alive" 9<>"$d/done"
  started $$
  split out <"$d/o" &
  streams=1 input=/dev/null feeder=
  if [ "$2" = 1 ]; then
    feed >"$d/i" 3>&- 8>&- 9>&- &
    input=$d/i feeder=$!
  fi
  set -- sh "$lib" program "$d" $$ "$start" "$1" "$4" "$5" "$3"
  if [ "\${10}" = 1 ]; then
    ( run_in_session "$@" ) <"$input" >"$d/o" 2>&1 8>&- 9>&-
  else
    split err <"$d/e" &
    streams=2
    ( run_in_session "$@" ) <"$input" >"$d/o" 2>"$d/e" 8>&- 9>&-
  fi
  leave_exit $?
}

# What the program left in the background may hold its output open: that is waited for only briefly.
leave_exit() {
  (exec 8>&-; sleep 0.3; echo late >&9) &
  timer=$!
  while [ $streams -gt 0 ] && read -r word <&9 && [ "$word" = end ]; do streams=$((streams - 1)); done
  name=
  [ "$1" -gt 128 ] && name=$(kill -l $(($1 - 128)) 2>/dev/null)
  if [ -n "$name" ]; then echo "signaled $name ." >"$d/exit"; else echo "exited $1 ." >"$d/exit"; fi
  exec 8>&-
  kill -s KILL $timer $feeder
  rm -f "$d/o" "$d/e" "$d/i" "$d/done" "$d/out-dd" "$d/err-dd"
}

# program <folder> <keeper> <its start> <umask> <rows> <cols>: becomes the program, so that its pid is this one.
program() {
  started $$
  boot_id
  echo "$1 \${2:--} $$ \${start:--} $boot ." >"$d/pid" 2>/dev/null || exit 126
  # Whoever asked for the job may be gone by now, which must not end it.
  trap '' PIPE
  echo started >&3 2>/dev/null
  trap - PIPE
  exec 3>&-
  umask "$3"
  if [ "$4" -gt 0 ]; then in_terminal "$4" "$5"; fi
  become_run
}

become_run() {
  if [ -n "\${FARHAND_PATH+set}" ]; then PATH=$FARHAND_PATH; export PATH; unset FARHAND_PATH; fi
  if [ -x /bin/sh ]; then exec /bin/sh "$d/run"; fi
  exec sh "$d/run"
}

# "script" runs its command by $SHELL, which may be no POSIX shell: the person's own comes back inside.
in_terminal() {
  export FARHAND_LIB="$lib" FARHAND_JOB="$d" FARHAND_SHELL="\${SHELL:-/bin/sh}" SHELL=/bin/sh
  pty_holder
  [ "$holder" = script ] || hold_pty sh "$lib" terminal "$d" "$1" "$2"
  exec script -q -f -e -c "exec sh \\"\\$FARHAND_LIB\\" terminal \\"\\$FARHAND_JOB\\" $1 $2" /dev/null
}

# terminal <folder> <rows> <cols>: on the pty, before the program begins.
terminal() {
  export SHELL="$FARHAND_SHELL" TERM=xterm-256color COLORTERM=truecolor
  unset FARHAND_LIB FARHAND_JOB FARHAND_SHELL
  stty rows "$1" cols "$2" echo
  stty iutf8 2>/dev/null
  started $$
  tty=$(tty)
  echo "$$ \${start:--} $tty ." >"$d/tty"
  become_run
}

lib=$0 mode=$1 d=$2
shift 2
"$mode" "$@"
`;
