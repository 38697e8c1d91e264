/** The scripts of shell-files.ts: of the file whose path is `$p`, in the C locale. */
import { MAX_LINKS } from './file-limits.ts';

/** Begins each entry of a listing. */
export const ENTRY_MARK = '\x01farhand ';

/** Shell functions that end a script with what it is about. */
export const REFUSE = `refuse_file() {
  echo "$1" >&2
  exit 1
}
# Also where a link leads nowhere.
is_there() { [ -e "$1" ] || [ -L "$1" ]; }
# Says why there is nothing: ls knows.
want_file() { is_there "$1" || { ls -d -- "$1" >/dev/null; exit 1; }; }
`;

/** At most `limit` bytes from `offset`; refused where more than `whole` would be left, if that is given. */
export function readFile(offset: number, limit: number, whole: number | null): string {
  return `want_file "$p"
[ -d "$p" ] && refuse_file 'Is a directory'
# A fifo would wait for a writer.
[ -f "$p" ] || [ -c "$p" ] || refuse_file 'This is no file.'
exec <"$p" || exit 1
${whole === null ? '' : `[ ! -f "$p" ] || [ $(($(wc -c <"$p") - ${offset})) -le ${whole} ] || refuse_file 'farhand: too_large'\n`}${
  offset === 0 ? '' : `tail -c +${offset + 1} | `
}head -c ${limit}
`;
}

// Sets p to where it leads, though the last link may point nowhere.
const FOLLOW = `i=0
while [ -L "$p" ]; do
  i=$((i + 1))
  [ $i -le ${MAX_LINKS} ] || refuse_file 'Too many levels of symbolic links'
  link=$(readlink "$p"; echo x) || exit 1
  link=\${link%??}
  case $link in /*) p=$link ;; *) p=\${p%/*}/$link ;; esac
done
`;

/** Replaces the file by the `size` bytes of stdin; a new one gets `mode`. */
export function replaceFile(size: number, mode: number): string {
  return `${FOLLOW}[ -d "$p" ] && refuse_file 'Is a directory'
folder=\${p%/*}/
[ -d "$folder" ] || mkdir -p -- "$folder" || exit 1
mask=$(umask)
umask 077
t=$folder.farhand-$$-${size}
trap 'rm -f -- "$t"' EXIT
trap 'exit 1' HUP INT TERM
cat >"$t" || exit 1
# The input ends as well when the connection does.
[ $(($(wc -c <"$t"))) -eq ${size} ] || refuse_file 'farhand: connection_lost'
if [ -e "$p" ]; then
  # First, as it takes bits away. Only root may give it away; for all others the owner is the same, or cannot be kept.
  chown "$(ls -ldn -- "$p" | { read -r one two user group rest; echo "$user:$group"; })" "$t" 2>/dev/null
  # By its letters, as "-rwxr-s---": no tool for its number is everywhere.
  letters=$(ls -ld -- "$p" | cut -c2-10)
  parts() { echo "$letters" | cut -c"$1" | tr -d - | sed 's/s/xs/; s/S/s/; s/t/x/; s/T//'; }
  chmod "u=$(parts 1-3),g=$(parts 4-6),o=$(parts 7-9)" "$t" || exit 1
else
  chmod "$(printf '%o' $((0${mode.toString(8)} & ~0$mask)))" "$t" || exit 1
fi
mv -f -- "$t" "$p"
`;
}

/** Puts stdin at `offset` of the file that is there. */
export function writeAt(offset: number): string {
  return `want_file "$p"
[ -d "$p" ] && refuse_file 'Is a directory'
# One descriptor for both: the first only moves it.
exec 4<>"$p" || exit 1
${offset === 0 ? '' : `dd bs=1 seek=${offset} count=0 conv=notrunc >&4 2>/dev/null </dev/null || exit 1\n`}cat >&4
`;
}

// GNU and busybox, or BSD.
const ENTRIES = `if stat -c %f / >/dev/null 2>&1; then
  entries() { stat -c '${ENTRY_MARK}%f %s %Y %n' "$@"; }
  format='-c${ENTRY_MARK}%f %s %Y %n'
else
  entries() { stat -f '${ENTRY_MARK}%Xp %z %m %N' "$@"; }
  format='-f${ENTRY_MARK}%Xp %z %m %N'
fi
`;

/** One entry. */
export const STAT = `want_file "$p"
${ENTRIES}entries "$p"
`;

/** An entry for each name in the folder. */
export const LIST = `want_file "$p"
[ -d "$p" ] && [ ! -L "$p" ] || refuse_file 'Not a directory'
${ENTRIES}cd -- "$p" && ls -A . >/dev/null || exit 1
find . ! -name . -prune -exec stat "$format" {} + 2>/dev/null
exit 0
`;

/** The real path; parts that do not exist are kept. */
export const REALPATH = `i=0 rest=
while :; do
  if [ -d "$p" ] && cd -P -- "$p" 2>/dev/null; then break; fi
  if [ -L "$p" ]; then
    i=$((i + 1))
    [ $i -le ${MAX_LINKS} ] || refuse_file 'Too many levels of symbolic links'
    link=$(readlink "$p"; echo x) || exit 1
    link=\${link%??}
    case $link in /*) p=$link ;; *) p=\${p%/*}/$link ;; esac
  else
    rest=/\${p##*/}$rest
    p=\${p%/*}
    p=\${p:-/}
  fi
done
printf '%s%s' "\${PWD%/}" "$rest"
`;

export const REMOVE = `is_there "$p" || exit 0
if [ -d "$p" ] && [ ! -L "$p" ]; then rmdir -- "$p"; else rm -f -- "$p"; fi
`;

/** With all that is in it. `rm` follows no symlink. */
export const REMOVE_TREE = `exec rm -rf -- "$p"
`;
