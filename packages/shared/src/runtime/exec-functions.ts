/** Shell functions that exec.ts calls. Their variables begin with `farhand_`: others may be the person's own. */
export const EXEC_FUNCTIONS = `refuse() {
  printf '%s%s\\n' "$farhand_mark" "$1" >&2
  exit 126
}

# Where it fails, farhand_why is "missing", "file" or "denied".
enter_folder() {
  cd -- "$1" 2>/dev/null && return
  if [ -d "$1" ]; then farhand_why=denied
  elif [ -e "$1" ]; then farhand_why=file
  else farhand_why=missing
  fi
  return 1
}

# Says beforehand whether the program is there: a status of 127 may also be the program's own.
find_program() {
  case $1 in
    */*) [ -d "$1" ] && refuse 'program missing'
         [ -x "$1" ] && return
         [ -e "$1" ] && refuse 'program denied'
         refuse 'program missing' ;;
  esac
  set -f
  farhand_ifs=$IFS IFS=:
  for farhand_folder in $PATH; do
    [ -x "\${farhand_folder:-.}/$1" ] && [ ! -d "\${farhand_folder:-.}/$1" ] && { IFS=$farhand_ifs; set +f; return; }
  done
  refuse 'program missing'
}

run_program() {
  find_program "$1"
  exec "$@"
}
`;
