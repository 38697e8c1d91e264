/**
 * `farhand-op` itself, for any POSIX shell: leaves its request as a file, wakes the listener through a pipe, and waits for
 * the reply as a file. Words go as hex, so that no letter in them means anything on the way. A wake or a request can be
 * lost, for others of the workspace can read the pipe and flood the listener: both are said again, and the request's id
 * says that it is no other.
 */
export const OP_SCRIPT = `#!/bin/sh
# Asks the Farhand server to carry out an operation that its person has defined: farhand-op --list
folder=\${FARHAND_OP_FOLDER:-}
token=\${FARHAND_OP_TOKEN:-}
wake=\${folder%/*}/wake
fail() {
  printf 'farhand-op: %s\\n' "$1" >&2
  exit "$2"
}
[ -n "$folder" ] && [ -n "$token" ] || fail 'this shell was not started by Farhand in a workspace, so it cannot ask.' 69
[ -p "$wake" ] && [ -w "$folder/requests" ] || fail 'operations cannot be reached from here: the sandbox does not let it write to them, or this was started by an earlier version and has to be started anew.' 69
[ "$#" -gt 0 ] || set -- --list
umask 077
LC_ALL=C
export LC_ALL
hex() { od -An -v -tx1 | tr -d ' \\n'; }
id=$(od -An -v -N10 -tx1 /dev/urandom | tr -d ' \\n')
[ "\${#id}" -eq 20 ] || fail 'no random number could be had.' 71
words=
for word; do
  words="$words x$(printf %s "$word" | hex)"
  [ "\${#words}" -le 60000 ] || fail 'that is more than can be asked.' 64
done
wake() { printf '\\n%s\\n' "\${folder##*/}" 1<>"$wake"; }
send() {
  printf '%s\\n' "$2" >"$folder/requests/.$1$id" && mv -f "$folder/requests/.$1$id" "$folder/requests/$1$id" && wake
}
give_up() {
  trap '' HUP INT TERM
  rm -f "$folder/requests/q$id"
  send c "$token"
  looks=0
  while [ -e "$folder/requests/c$id" ] && [ "$looks" -lt 5 ]; do
    looks=$((looks + 1))
    sleep 0.2 2>/dev/null || sleep 1
    wake
  done
  exit "$1"
}
trap 'give_up 129' HUP
trap 'give_up 130' INT
trap 'give_up 143' TERM
send q "$token$words" || fail 'the request could not be written.' 74
reply=$folder/replies/$id
looks=0
while [ ! -e "$reply" ]; do
  looks=$((looks + 1))
  # Quick at first; what a person has to allow takes its time.
  if [ "$looks" -lt 50 ]; then pause=0.1; elif [ "$looks" -lt 200 ]; then pause=0.5; else pause=1; fi
  sleep "$pause" 2>/dev/null || sleep 1
  [ ! -e "$folder/requests/q$id" ] || wake
  [ "$((looks % 300))" -ne 0 ] || send q "$token$words"
  [ "$looks" -lt 43200 ] || { printf 'farhand-op: nobody answered.\\n' >&2; give_up 75; }
done
trap '' HUP INT TERM
[ ! -e "$reply.out" ] || cat -- "$reply.out"
[ ! -e "$reply.err" ] || cat -- "$reply.err" >&2
status=
read -r status <"$reply"
send a "$token"
case $status in '' | *[!0-9]*) status=70 ;; esac
exit "$status"
`;
