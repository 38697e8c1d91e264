/**
 * What passes requests on: a job of Farhand's own that prints each as one line, after the subject by whose folder it came;
 * the line then comes as any job's output does. $1 is the workspace's folder. What stands in a subject's `requests` is
 * written by an agent, and may be exchanged at any moment: a request is first moved out of its reach, and then looked at.
 * Only plain files are read, and of those only the letters that a request is made of; a link is not followed, and nothing
 * of it is run. Of one subject little is taken at a time, so that no other waits for long.
 */
export const LISTENER_SCRIPT = `
exec 2>/dev/null
umask 077
cd -P -- "$1" || exit 66
root=$PWD
exec 3<>wake || exit 66
LC_ALL=C
export LC_ALL
hex='[0-9a-f]'
hex=$hex$hex$hex$hex$hex
is_subject() {
  case $1 in
    ses_* | ws_*) rest=\${1#*_} ;;
    *) return 1 ;;
  esac
  case $rest in *[!a-z2-7]*) return 1 ;; esac
  [ "\${#rest}" -eq 20 ]
}
take() {
  # The folder's real place says whether a link led there.
  cd -P -- "$root/$1/requests" && [ "$PWD" = "$root/$1/requests" ] || return
  count=0
  for name in $(find . ! -name . -prune -type f | head -n 1000 | grep -x "\\./[acq]$hex$hex$hex$hex" | head -n 20); do
    mv -f -- "$name" "$root/taken/$1.\${name#./}" && count=$((count + 1))
  done
  [ "$count" -lt 20 ] || again="$again $1"
}
tell() {
  for file in "$root"/taken/*; do
    [ -f "$file" ] && [ ! -L "$file" ] || continue
    name=\${file##*/}
    printf '%s %s %s %s\\n' "\${name%.*}" "\${name##*.}" "$(date +%s)" "$(head -c 65536 <"$file" | tr -cd 'a-z0-9_. ')" || exit 74
    rm -f -- "$file"
  done
}
# What was left before this listener began.
subjects=$(find . -path './*/*/*/*' -prune -o -type f -name "[acq]$hex$hex$hex$hex" -print | cut -d / -f 2 | sort -u | head -n 1000)
while :; do
  again=
  for subject in $subjects; do
    if is_subject "$subject"; then take "$subject"; fi
  done
  cd -- "$root" || exit 66
  tell
  # However often it is woken, it rests in between.
  if [ -n "$again" ]; then
    (exec >&3; printf '\\n%s\\n' $again) &
    sleep 1
  else
    sleep 0.1 || sleep 1
  fi
  subjects=$(dd bs=65536 count=1 <&3 | tr -cd 'a-z0-9_\\n' | sort -u)
done
`;

/** Makes the workspace's folder ($1) as it has to be, with the program that comes on its input. */
export const PREPARE_SCRIPT = `
umask 077
mkdir -p -- "$1/bin" "$1/taken" && chmod 700 "$1" "$1/bin" "$1/taken" || exit 73
[ -p "$1/wake" ] && [ ! -L "$1/wake" ] || { rm -rf -- "$1/wake"; mkfifo -m 600 -- "$1/wake"; } || exit 73
cat >"$1/bin/.farhand-op" && chmod 700 "$1/bin/.farhand-op" && mv -f "$1/bin/.farhand-op" "$1/bin/farhand-op" || exit 73
`;

/** Makes a subject's folder ($1). */
export const SUBJECT_SCRIPT = `
umask 077
for folder in "$1" "$1/requests" "$1/replies"; do
  [ ! -L "$folder" ] || rm -f -- "$folder"
  mkdir -p -- "$folder" && chmod 700 "$folder" || exit 73
done
`;
