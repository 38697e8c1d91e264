import { AS_THEY_ARE } from './as-they-are.ts';

/**
 * For a script that has SAFE_GIT, ENTER_WORKSPACE and a `fail`: defines `side`, git over the workspace's files with an
 * index, attributes and a config of our own, in the folder `$tmp` that goes with the script. The person's index is not
 * touched, what its flags hide is seen, and no filter and no line-end conversion applies: files are byte for byte. New
 * objects go into the side repository, unless GIT_OBJECT_DIRECTORY names another place.
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
cp .git/info/exclude "$tmp/side/info/exclude" 2>/dev/null
side() { g -c core.autocrlf=false --git-dir="$tmp/side" --work-tree=. "$@"; }
`;
