/**
 * What passes requests on: a job of Farhand's own that prints each as one line, which then comes as any job's output does.
 * $1 is the folder. What stands in `requests` is written by agents: only plain files are read, and of those only the
 * letters that a request is made of; a link is not followed, and nothing of it is run.
 */
export const LISTENER_SCRIPT = `
cd -- "$1" || exit 66
exec 3<>wake || exit 66
LC_ALL=C
export LC_ALL
while :; do
  for file in requests/[acq]*; do
    name=\${file#requests/}
    [ -e "$file" ] || [ -L "$file" ] || continue
    case $name in
      *[!a-z0-9]*) ;;
      *)
        if [ "\${#name}" -eq 21 ] && [ -f "$file" ] && [ ! -L "$file" ]; then
          printf '%s %s %s\\n' "$name" "$(date +%s)" "$(head -c 65536 <"$file" | tr -cd 'a-z0-9_. ')" || exit 74
        fi
        ;;
    esac
    rm -rf -- "$file"
  done
  dd bs=512 count=1 <&3 >/dev/null 2>&1
done
`;

/** Makes the folder ($1) as it has to be, with the program that comes on its input. */
export const PREPARE_SCRIPT = `
umask 077
mkdir -p -- "$1/bin" "$1/requests" "$1/replies" && chmod 700 "$1" "$1/bin" "$1/requests" "$1/replies" || exit 73
[ -p "$1/wake" ] && [ ! -L "$1/wake" ] || { rm -rf -- "$1/wake"; mkfifo -m 600 -- "$1/wake"; } || exit 73
cat >"$1/bin/.farhand-op" && chmod 700 "$1/bin/.farhand-op" && mv -f "$1/bin/.farhand-op" "$1/bin/farhand-op" || exit 73
`;
