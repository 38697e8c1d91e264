/** What reads and writes files inside a sandbox, as text for its `sh`: $1 is what to do, $2 the path. */

/** In front of what the script says of itself on stderr. */
export const SAYS = 'farhand-file: ';

export const FILES_SCRIPT = `export LC_ALL=C
what=$1 path=$2
says() { printf '${SAYS}%s\\n' "$1" >&2; exit 90; }
resolve() {
  real=$(readlink -m -- "$1" 2>/dev/null && echo .) || real=$(readlink -f -- "$1" && echo .) || return 1
  real=\${real%??}
}
# Says why there is nothing at the path, as the system has it.
missing() {
  ls -ld -- "$path" >/dev/null
  resolve "$path" && printf '${SAYS}at %s\\n' "$real" >&2
  exit 91
}
case $what in
read)
  [ -e "$path" ] || missing
  [ -d "$path" ] && says directory
  # What is a pipe or a device holds nothing to be read whole.
  [ -f "$path" ] || exit 0
  if [ -z "$4" ]; then
    size=$(stat -L -c %s -- "$path") || exit 92
    [ $((size - $3)) -gt 67108864 ] && says large
    if [ "$3" = 0 ]; then exec cat -- "$path"; fi
    exec tail -c "+$(($3 + 1))" -- "$path"
  fi
  [ -r "$path" ] || exec cat -- "$path"
  tail -c "+$(($3 + 1))" -- "$path" | head -c "$4" ;;
write)
  resolve "$path" || exit 92
  [ -d "$real" ] && says directory
  folder=\${real%/*}
  mkdir -p -- "\${folder:-/}" || exit 92
  fresh=$folder/.farhand-$4-new
  trap 'rm -f -- "$fresh"' EXIT
  cat >"$fresh" || exit 92
  # A connection that broke in between must not make half a file of it.
  [ "$(($(wc -c <"$fresh")))" = "$3" ] || says cut
  mode=$5
  [ -e "$real" ] && mode=$(stat -c %a -- "$real")
  [ -z "$mode" ] || chmod "$mode" "$fresh" || exit 92
  mv -f -- "$fresh" "$real" || exit 92 ;;
list)
  [ -e "$path" ] || missing
  [ -d "$path" ] || says no-directory
  cd -- "$path" || exit 92
  find . -mindepth 1 -maxdepth 1 -printf '%y %s %m %T@ %f\\0' ;;
stat)
  [ -e "$path" ] || [ -L "$path" ] || missing
  find "$path" -maxdepth 0 -printf '%y %s %m %T@ .\\0' ;;
realpath)
  resolve "$path" || exit 92
  printf '%s' "$real" ;;
remove)
  [ -e "$path" ] || [ -L "$path" ] || exit 0
  if [ -d "$path" ] && [ ! -L "$path" ]; then
    if [ "$3" = all ]; then rm -rf -- "$path" || exit 92; else rmdir -- "$path" || exit 92; fi
  else rm -f -- "$path" || exit 92
  fi ;;
esac
`;
