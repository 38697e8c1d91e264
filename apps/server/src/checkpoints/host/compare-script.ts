import { ENTER_WORKSPACE, SAFE_GIT } from '../../workspaces/host-script.ts';

/*
 * Arguments: folder, marker, limit of a section in bytes, the commits of now and then ('' for none), then pairs of trees.
 * The first pair is told with numbers, of the others the names alone.
 */
export const COMPARE = `${SAFE_GIT}${ENTER_WORKSPACE}
marker=$2 limit=$3 now=$4 then=$5
shift 5
section() { printf '\\n%s\\n' "$marker"; }
compare='-r -z --no-renames --no-abbrev --no-ext-diff --no-textconv'
if [ -z "$now" ]; then echo 0; elif [ -z "$then" ]; then w rev-list --count "$now" --; else w rev-list --count "$then..$now" --; fi || exit 65
section
w diff-tree --raw --numstat $compare "$1" "$2" | head -c "$limit"
section
shift 2
while [ $# -gt 1 ]; do
  w diff-tree --name-only $compare "$1" "$2" | head -c "$limit"
  shift 2
done
section
`;

/** Arguments: folder, limit in bytes, two trees, and a pathspec of one file. */
export const COMPARE_FILE = `${SAFE_GIT}${ENTER_WORKSPACE}
w diff-tree -r --patch --no-color --no-renames --no-ext-diff --no-textconv --src-prefix=a/ --dst-prefix=b/ "$3" "$4" -- "$5" | head -c "$2"
exit 0
`;
