import { KEEPER } from './keeper-script.ts';

// Tells versions of the keeper apart: an upgrade leaves the file that a running job still reads.
const LIB = `keeper-${fingerprint(KEEPER)}.sh`;

function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

/** Shell functions that start the job whose folder is `$d`. Each answers and ends the shell where it cannot go on. */
export const START_FUNCTIONS = `fail() {
  echo "failed $*"
  exit 0
}

# A folder without a pid is one whose start was cut off, unless another start is just at it.
make_folder() {
  if ! mkdir "$d" 2>/dev/null; then
    if [ -d "$d" ]; then
      i=0
      while [ $i -lt 40 ] && [ ! -s "$d/pid" ]; do sleep 0.05; i=$((i + 1)); done
      [ -s "$d/pid" ] && { echo exists; exit 0; }
      rm -rf "$d"
    fi
    why=$( { LC_ALL=C mkdir -p "$HOME/.farhand/jobs" "$HOME/.farhand/lib" && LC_ALL=C mkdir "$d"; } 2>&1) || fail "$why"
  fi
}

# As "setsid -f"; "&" is the last resort: it leaves SIGINT ignored for the program.
detach() {
  setsid -f "$@" && return
  perl -MPOSIX=setsid -e 'exit if fork; setsid(); exec @ARGV' "$@" && return
  "$@" &
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
    case $(script --version 2>/dev/null </dev/null) in *util-linux*) ;; *) echo unsupported; exit 0 ;; esac
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
  [ "$answer" = started ] || { rm -rf "$d"; fail 'its keeper did not start'; }
  echo started
}
`;
