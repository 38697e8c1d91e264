/**
 * The stream hub in POSIX sh, for hosts without perl: one loop that alone writes frames, so that they never mix. It
 * waits for one line after the other from its events fifo: `c` a line of the server's, `a` a keeper's end, `t` time to
 * look for jobs that are awaited, `d` new bytes somewhere, and its own `m`: what came before that is passed on together.
 * Needs the functions of job-functions.ts.
 *
 * One `tail -f` of all newest segments only rings: its bytes are counted by nobody. Every `d` and every 16th `c` waits
 * for an answer, so that the fifo never fills up while the loop itself writes to it.
 */
export const SH_HUB = `hub_open_fifos() {
  umask 077
  for base in "$HOME/.farhand" "\${TMPDIR:-/tmp}"; do
    hub=$base/hub.$$
    rm -rf "$hub"
    mkdir "$hub" && mkfifo "$hub/events" "$hub/data" "$hub/heard" "$hub/taken" && break
    rm -rf "$hub"
  done
  [ -p "$hub/taken" ] || exit 3
  exec 8<>"$hub/events" 5<>"$hub/data" 7<>"$hub/heard" 6<>"$hub/taken"
  # Open they are enough, and nothing stays behind however this ends.
  rm -rf "$hub"
}

hub_start_readers() {
  # What runs in the background reads nothing, unless it is told what.
  exec 3<&0
  (
    exec <&3 3<&- >/dev/null 5<&- 7<&-
    i=0
    while read -r line; do
      echo "c $line" >&8
      i=$((i + 1))
      [ $((i % 16)) != 0 ] || read -r ok <&6
    done
    echo q >&8
  ) &
  exec 3<&- </dev/null
  (
    exec >/dev/null 6<&-
    # A tail that looks only once a second is not waited for.
    while [ -z "$pace" ] && sleep 0.05; do
      echo d >&8
      read -r ok <&7
    done
    while LC_ALL=C dd bs=65536 count=1 <&5; do
      echo d >&8
      read -r ok <&7
    done
  ) &
}

# Calls "$1 <n> <stream>" for every stream of every attachment.
hub_each() {
  for n in $live; do
    eval "streams=\\$streams_$n"
    for stream in $streams; do "$1"; done
  done
}

# Sets id, at, first, size and gone, paused of stream $stream of attachment $n.
hub_load() {
  eval "id=\\$id_$n at=\\$at_\${stream}_$n first=\\$first_\${stream}_$n gone=\\$gone_$n paused=\\$paused_$n"
  if [ "$first" = - ]; then size=; else eval "size=\\$size_\${id}_\${stream}_$first"; fi
}

hub_line() {
  verb=$1 n=$2
  case $verb in
    + | w)
      eval "id_$n=\\$3 after_out_$n=\\$4 after_err_$n=\\$5 streams_$n= gone_$n=0 paused_$n=0 waiter_$n="
      if [ $verb = + ]; then hub_begin; else hub_wait; fi ;;
    -)
      eval "known=\\$id_$n"
      [ -n "$known" ] || return 0
      echo "x $n"
      hub_drop ;;
    =) eval "paused_$n=1" ;;
    '>') eval "paused_$n=0"; hub_busy ;;
  esac
}

hub_wait() {
  waiting="$waiting $n"
  [ $timer = 0 ] || return 0
  timer=1
  (
    exec >/dev/null 5<&- 6<&- 7<&-
    sleep 0.02
    echo t >&8
  ) &
}

hub_look() {
  timer=0 awaited=$waiting waiting=
  for n in $awaited; do
    eval "d=\\$id_$n"
    if [ -s "$d/pid" ]; then hub_begin; elif [ -n "$d" ]; then hub_wait; fi
  done
}

hub_begin() {
  eval "d=\\$id_$n"
  [ -n "$d" ] || return 0
  if [ ! -s "$d/pid" ]; then
    echo "n $n"
    hub_drop
    return
  fi
  live="$live $n" changed=1 measure=1
  hub_busy
  eval "streams_$n='out err' numbers_$d=\\"\\$numbers_$d $n\\""
  [ ! -e "$d/merged" ] || eval "streams_$n=out"
  for stream in out err; do eval "at_\${stream}_$n=\\$after_\${stream}_$n first_\${stream}_$n=-"; done
  if [ ! -p "$d/alive" ]; then
    eval "gone_$n=1"
    return
  fi
  for mark in "$d"/watch.*.*; do
    owner=\${mark#"$d"/watch.}
    kill -0 "\${owner%.*}" || rm -rf "$mark"
  done
  mkdir "$d/watch.$$.$n"
  (
    exec >/dev/null 5<&- 6<&-
    # The keeper alone has it open for writing: the end of the file is its end.
    exec 7<>"$d/alive" 6<"$d/alive"
    exec 7<&-
    read -r word <&6
    echo "a $n" >&8
  ) &
  eval "waiter_$n=$!"
}

hub_drop() {
  eval "d=\\$id_$n waiter=\\$waiter_$n"
  [ -z "$waiter" ] || kill -s KILL "$waiter"
  case "$live " in *" $n "*) changed=1 ;; esac
  left=
  for other in $live; do [ "$other" = "$n" ] || left="$left $other"; done
  live=$left
  if [ -n "$d" ]; then
    rm -rf "$d/watch.$$.$n"
    eval "numbers=\\$numbers_$d"
    left=
    for other in $numbers; do [ "$other" = "$n" ] || left="$left $other"; done
    eval "numbers_$d=\\$left"
  fi
  for stream in out err; do
    eval "first=\\$first_\${stream}_$n"
    [ "\${first:--}" = - ] || unset "size_\${d}_\${stream}_$first"
    unset "at_\${stream}_$n" "after_\${stream}_$n" "first_\${stream}_$n"
  done
  unset "id_$n" "gone_$n" "paused_$n" "waiter_$n" "streams_$n"
}

# Goes to the segment that holds byte "at", or behind what was dropped.
hub_find() {
  d=$id n_of=$n n=$at old=$first
  find_segment "$stream"
  n=$n_of first=$old
  if [ $segment -lt 0 ]; then
    [ $following -ge 0 ] || return 0
    segment=$following
    echo "m $n $stream $at $segment"
    at=$segment
    eval "at_\${stream}_$n=$at"
  fi
  [ "$segment" != "$first" ] || return 0
  [ "$first" = - ] || unset "size_\${id}_\${stream}_$first"
  first=$segment
  eval "first_\${stream}_$n=$first"
  [ ! -d "$id/watch.$$.$n" ] || echo "$first" >"$id/watch.$$.$n/$stream.at"
  changed=1 measure=1
}

hub_busy() {
  case "$busy " in *" $n "*) ;; *) busy="$busy $n" ;; esac
}

hub_name() {
  hub_load
  [ "$first" != - ] || hub_find
  [ "$first" != - ] || return 0
  files="$files $id/$stream.$first" file_count=$((file_count + 1))
  [ "$gone" = 1 ] || living="$living $id/$stream.$first"
}
hub_forget_size() {
  hub_load
  [ "$first" = - ] || unset "size_\${id}_\${stream}_$first"
}

# Rings for the last byte of each file that is there already, so that nothing is missed while it starts.
hub_ring() {
  files= file_count=0 living=
  hub_each hub_name
  changed=0
  [ -z "$tail" ] || { kill -s KILL $tail; wait $tail; }
  tail=
  [ -n "$living" ] && [ -n "$pace" ] || return 0
  tail -c 1 -f $pace $living >&5 5<&- 6<&- 7<&- 8<&- &
  tail=$!
}

# One program for all: "wc" of some systems reads the files.
hub_measure() {
  measure=0
  [ -n "$files" ] || return 0
  set -- $(LC_ALL=C ls -ln $files)
  if [ $# != $((file_count * 9)) ]; then
    # Segments were dropped.
    hub_each hub_forget_size
    busy=$live
  fi
  while [ $# -ge 9 ]; do
    name=\${9#*/} id=\${9%%/*}
    eval "known=\\$size_\${id}_\${name%.*}_\${name##*.}"
    if [ "$known" != "$5" ]; then
      eval "size_\${id}_\${name%.*}_\${name##*.}=\\$5 numbers=\\$numbers_$id"
      for n in $numbers; do hub_busy; done
    fi
    shift 9
  done
}

hub_pass_on() {
  hub_load
  [ "$paused" = 0 ] || { is_read=0; return 0; }
  # Not measured yet, or dropped before it was read.
  if [ -z "$size" ]; then
    hub_find
    [ "$first" = - ] || is_read=0 stays=1 measure=1
    return 0
  fi
  length=$((size - at + first))
  if [ $length -gt 0 ]; then
    is_read=0 stays=1
    [ $length -le 65536 ] || length=65536
    # Opened before the header is written: from then on exactly so many bytes must come.
    {
      echo "d $n $stream $at $length"
      if [ $length -le 1024 ]; then
        LC_ALL=C dd ibs=1 obs=65536 skip=$((at - first)) count=$length <&9
      else
        tail -c +$((at - first + 1)) <&9 | head -c $length
      fi
    } 9<"$id/$stream.$first" || { measure=1; return 0; }
    eval "at_\${stream}_$n=$((at + length))"
  elif [ $((at - first)) -ge 1048576 ] && [ -e "$id/$stream.$at" ]; then
    is_read=0 stays=1
    hub_find
  fi
}

# One piece of each stream that may have one.
hub_round() {
  now=$busy busy=
  for n in $now; do
    is_read=1 stays=0
    eval "streams=\\$streams_$n"
    for stream in $streams; do hub_pass_on; done
    [ $stays = 0 ] || hub_busy
    eval "gone=\\$gone_$n d=\\$id_$n"
    [ "$gone$is_read" = 11 ] || continue
    answer=$(status)
    # A program could have written there what it likes.
    case $answer in *[!A-Za-z0-9\\ .+-]* | '') answer=lost ;; esac
    [ \${#answer} -le 64 ] || answer=lost
    echo "e $n $answer"
    hub_drop
  done
}

hub_leave() {
  trap '' TERM HUP INT
  for n in $live; do
    eval "d=\\$id_$n"
    rm -rf "$d/watch.$$.$n"
  done
  # All that was started here: a group of its own (RT7).
  kill -s TERM 0
  exit 0
}

hub() {
  exec 2>/dev/null
  hub_open_fifos
  mkdir -p "$HOME/.farhand/jobs"
  cd "$HOME/.farhand/jobs" || exit 3
  echo 'h sh'
  live= tail= changed=0 measure=0 busy= files= file_count=0 asked=0 lines=0 waiting= timer=0
  pace=; tail -s 0.05 -c 0 /dev/null && pace='-s 0.05'
  trap hub_leave TERM HUP INT
  hub_start_readers
  while read -r kind rest <&8; do
    case $kind in
      c)
        hub_line $rest
        lines=$((lines + 1))
        [ $((lines % 16)) != 0 ] || echo >&6 ;;
      d) measure=1; echo >&7 ;;
      a) eval "id=\\$id_$rest"; [ -z "$id" ] || { eval "gone_$rest=1 waiter_$rest="; n=$rest; hub_busy; }; measure=1 ;;
      t) hub_look ;;
      q) break ;;
      m)
        asked=0
        [ $changed = 0 ] || hub_ring
        [ $measure = 0 ] || hub_measure
        hub_round ;;
    esac
    if [ $asked = 0 ] && [ "$measure$changed$busy" != 00 ]; then
      asked=1
      echo m >&8
    fi
  done
  hub_leave
}
`;
