import { KEEPER } from './keeper-script.ts';
import { PTY_HOLDER } from './pty-program.ts';

// Tells versions of the keeper apart: an upgrade leaves the file that a running job still reads.
const LIB = `keeper-${fingerprint(KEEPER)}.sh`;

function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

/** Shell functions that start the job whose folder is `$d`. Each answers and ends the shell where it cannot go on. */
export const START_FUNCTIONS = `${PTY_HOLDER}
fail() {
  words=
  if [ "$made" = 1 ]; then
    # What the disk says of a little more is the reason, as a rule.
    words=$( { LC_ALL=C; export LC_ALL; head -c 65536 /dev/zero >"$d/try"; } 2>&1)
    rm -rf "$d"
  fi
  echo "failed $* $words"
  exit 0
}

# A folder without a pid is one whose start was cut off, unless another start is just at it.
make_folder() {
  made=0
  [ -d "$HOME" ] || { echo "no home $HOME"; exit 0; }
  if ! mkdir "$d" 2>/dev/null; then
    if [ -d "$d" ]; then
      i=0
      while [ $i -lt 40 ] && [ ! -s "$d/pid" ]; do sleep 0.05; i=$((i + 1)); done
      [ -s "$d/pid" ] && { echo exists; exit 0; }
      rm -rf "$d"
    fi
    why=$( { LC_ALL=C mkdir -p "$HOME/.farhand/jobs" "$HOME/.farhand/lib" && LC_ALL=C mkdir "$d"; } 2>&1) || fail "$why"
  fi
  made=1
}

# As "setsid -f", which is missing from old systems and from busybox. What is in the background ignores SIGINT for
# good: there setsid is in the foreground of a shell that the keeper ends, once it is in a session of its own.
detach() {
  # Words of ours, each without a space.
  [ -z "$farhand_scope" ] || set -- $farhand_scope "$@"
  setsid -f "$@" && return
  perl -MPOSIX=setsid -e 'exit if fork; setsid(); exec @ARGV' "$@" && return
  command -v setsid >/dev/null || { "$@" & return; }
  sh -c 'setsid "$@"; exit' sh sh -c 'kill -s KILL $PPID; exec "$@"' sh "$@"
}

write_keeper() {
  cat >"$lib.$$" <<'END_OF_KEEPER' || fail "cannot write $lib"
${KEEPER}
END_OF_KEEPER
  mv "$lib.$$" "$lib" || fail "cannot write $lib"
}

# begin_start <folder to run in> <terminal>: up to the job's own folder with nothing in it.
begin_start() {
  lib=$HOME/.farhand/lib/${LIB}
  [ -s "$d/pid" ] && { echo exists; exit 0; }
  enter_folder "$1" || { echo "cwd $farhand_why"; exit 0; }
  if [ "$2" = 1 ]; then
    pty_holder
    [ -n "$holder" ] || { echo unsupported; exit 0; }
  fi
  mask=$(umask)
  umask 077
  make_folder
}

# end_start <input> <merge> <rows> <cols>: "job_environment" exports what the program gets, to it alone.
end_start() {
  true >"$d/out.0"
  true >"$d/err.0"
  [ "$1" = 0 ] || true >"$d/in"
  [ "$2" = 0 ] || true >"$d/merged"
  [ -s "$lib" ] || write_keeper
  set -- sh "$lib" keep "$d" "$mask" "$@"
  answer=$( (job_environment; detach "$@") </dev/null 2>/dev/null | { read -r word && echo "$word"; } )
  [ "$answer" = started ] || fail 'its keeper did not start'
  echo started
}
`;
