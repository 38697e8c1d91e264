import { AS_THEY_ARE } from './as-they-are.ts';

/**
 * For a script that has SAFE_GIT, ENTER_WORKSPACE and a `fail`: defines `side`, git over the workspace's files with an
 * index, attributes and a config of our own, in the folder `$tmp` that goes with the script. The person's index is not
 * touched, what its flags hide is seen, and no filter and no line-end conversion applies: files are byte for byte. New
 * objects go into the side repository, unless GIT_OBJECT_DIRECTORY names another place.
 *
 * And `apart`, to be called with the name of such a git once its index is read and before it adds: git would look into
 * a repository inside by another git, which obeys that one's config. Of those in the index only their commit counts then.
 */
export const SIDE_REPOSITORY = `
# What a look that was cut left; others may be at it.
for old in .git/farhand-archive.*; do kill -0 "\${old##*.}" 2>/dev/null || rm -rf -- "$old"; done
tmp=.git/farhand-archive.$$
mkdir "$tmp" || fail 'the repository cannot be written'
trap 'rm -rf "$tmp"' EXIT
trap 'exit 67' HUP INT TERM
g init -q --bare --template= "$tmp/side" </dev/null && mkdir -p "$tmp/side/info" "$tmp/side/objects/info" || fail 'the repository cannot be written'
echo '${AS_THEY_ARE}' >"$tmp/side/info/attributes"
echo "$PWD/.git/objects" >"$tmp/side/objects/info/alternates"
[ ! -f .git/info/exclude ] || cp .git/info/exclude "$tmp/side/info/exclude" 2>/dev/null
side() { g -c core.autocrlf=false --git-dir="$tmp/side" --work-tree=. "$@"; }
apart() {
  "$1" ls-files -s -z | tr '\\n\\000' '\\001\\n' | sed -n '/^160000 /p' >"$tmp/links"
  : >"$tmp/own"
  while IFS= read -r line; do
    path=$(printf '%s\\n.' "\${line#*	}" | tr '\\001' '\\n')
    path=\${path%??} line=\${line#* }
    [ -e "./$path/.git" ] || continue
    at=$(GIT_CEILING_DIRECTORIES=$PWD; export GIT_CEILING_DIRECTORIES; g -C "./$path" rev-parse -q --verify 'HEAD^{commit}' 2>/dev/null)
    [ -z "$at" ] || [ "$at" = "\${line%% *}" ] || "$1" update-index --cacheinfo "160000,$at,$path" || fail 'the repository cannot be written'
    printf '%s\\000' "$path" >>"$tmp/own"
  done <"$tmp/links"
  [ ! -s "$tmp/own" ] || "$1" update-index --skip-worktree -z --stdin <"$tmp/own" || fail 'the repository cannot be written'
}
`;
