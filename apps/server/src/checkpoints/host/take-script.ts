import { SIDE_REPOSITORY } from '../../workspaces/archive/side-repository.ts';
import { ENTER_WORKSPACE, SAFE_GIT } from '../../workspaces/host-script.ts';

/** The folder in `.git` where the index of before lies, so that only what changed since is read. */
const KEPT_FOLDER = '.git/farhand-checkpoint';
export const REFS = 'refs/farhand/checkpoints/';

/** What git is in the middle of, in single files. */
export const STATE_FILES =
  'MERGE_HEAD MERGE_MSG MERGE_MODE CHERRY_PICK_HEAD REVERT_HEAD SQUASH_MSG AUTO_MERGE';

/**
 * The begin of a script about a workspace's files: `a` is git over them with an index of our own, `$idx`, whose objects
 * go into the workspace's repository. Names travel in lines, where \1 stands for a line break in a name.
 */
export const OVER_FILES = `${SAFE_GIT}${ENTER_WORKSPACE}
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
fail() { echo "farhand: $1" >&2; exit 67; }
[ "$(w config --local extensions.objectFormat)" != sha256 ] || fail 'the repository is of SHA-256, of which no checkpoints are made'
[ ! -L .git ] && [ ! -L .git/objects ] && [ ! -L .git/refs ] || fail 'the repository lies elsewhere'
# What is no file would be waited for, and what is moved onto a link to a folder would lie in there.
plain() { [ -f "$1" ] && [ ! -L "$1" ]; }
absent() { [ ! -e "$1" ] && [ ! -L "$1" ]; }
for file in .git/index .git/index.lock; do plain "$file" || absent "$file" || fail "$file is no file"; done
[ -f .git/info/exclude ] || absent .git/info/exclude || fail '.git/info/exclude is no file'
${SIDE_REPOSITORY}
keep=${KEPT_FOLDER}
idx=$tmp/index
a() ( GIT_INDEX_FILE="$PWD/$idx" GIT_OBJECT_DIRECTORY="$PWD/.git/objects"; export GIT_INDEX_FILE GIT_OBJECT_DIRECTORY; side "$@" )
# A name that holds \\1 or \\2 itself cannot be given back, and so is left out: its line holds \\2.
lines() { tr '\\n\\001\\000' '\\001\\002\\n'; }
names() { tr '\\001\\n' '\\n\\000'; }
odd=$(printf '\\002')
`;

/*
 * Arguments: folder, the ref ('' for none), the sessions that still are, the largest file, of ignored ones the largest,
 * all of them together, and the most; of others all together that are new or changed; then refs to be removed.
 *
 * Files are byte for byte, as no filter runs. What is too large, a repository of its own, or cannot be read is left out
 * and named: a rewind leaves that alone.
 */
export const TAKE = `${OVER_FILES}
ref=$2 live=$3 large=$4 small=$5 all=$6 most=$7 total=$8
shift 8
mkdir -p "$keep" && [ ! -L "$keep" ] || fail 'the repository cannot be written'
! plain "$keep/index" || cp -p "$keep/index" "$tmp/index" 2>/dev/null
: >"$tmp/left"
look='find=$1 size=$2; shift 2; for f do shift; set -- "$@" "./$f"; done
case $find in
  large) find "$@" -maxdepth 0 -type f -size "+\${size}c" -print0;;
  small) find "$@" -maxdepth 0 \\( -type l -o -type f ! -size "+\${size}c" \\) -print0;;
  odd) find "$@" -maxdepth 0 -type f ! -perm 644 ! -perm 755 ! -perm 664 ! -perm 775 -print0;;
esac 2>/dev/null'
among() { xargs -0 -n 500 sh -c "$look" farhand "$1" "$2" | lines | sed 's,^\\./,,'; }
if ! a ls-files -m -o --exclude-standard -z >"$tmp/changed" 2>/dev/null; then
  rm -f "$tmp/index"
  a ls-files -m -o --exclude-standard -z >"$tmp/changed" || fail 'the files cannot be listed'
fi
forget() { sed 's,/$,,' "$1" | names | a update-index --force-remove -z --stdin; }
# Repositories of their own. Git looks at what it knows of them by a git that obeys their config: it must know none.
inner() {
  a ls-files -s -z | lines | sed -n '/^160000 /p' | cut -f 2- >"$tmp/inner"
  [ -s "$tmp/inner" ] || return 0
  forget "$tmp/inner" || fail 'the index cannot be written'
  sed 's,$,/,' "$tmp/inner" >>"$tmp/left"
}
[ ! -e "$tmp/index" ] || inner
a ls-files -o -i --exclude-standard --directory -z >"$tmp/ignored" || fail 'the files cannot be listed'
among large "$large" <"$tmp/changed" >"$tmp/out"
lines <"$tmp/changed" | sed -n "/\\/$/p; /$odd/p" | sort -u >>"$tmp/out"
among small "$large" <"$tmp/changed" | sed "/$odd/d; s,^,./," >"$tmp/some"
over() { paste "$tmp/sizes" "$tmp/some" | awk -v all="$1" -v fits="$2" -v left="$3" '{ at = index($0, "\\t"); size = substr($0, 1, at - 1); path = substr($0, at + 1); if (sum + size <= all) { sum += size; print path >fits } else print substr(path, 3) >>left }'; }
sizes() { names <"$tmp/some" | xargs -0 stat "$@" -- >"$tmp/sizes" 2>/dev/null; [ "$(wc -l <"$tmp/sizes")" -eq "$(wc -l <"$tmp/some")" ]; }
if [ -s "$tmp/some" ] && { sizes -c '%s' || sizes -f '%z'; }; then over "$total" /dev/null "$tmp/out"; fi
if [ -s "$tmp/out" ]; then
  [ ! -e "$tmp/index" ] || forget "$tmp/out" || fail 'the index cannot be written'
  # Patterns for what must stay out. None can hold a line break: it is all that is nothing else.
  sed 's/[][\\\\*?]/\\\\&/g; s,/$,,; s/ $/\\\\ /; s,^,/,' "$tmp/out" | sed "s/$(printf '\\001')/$(printf '[^\\001-\\011\\013-\\377]')/g; s/$odd/$(printf '[\\001\\002]')/g" >>"$tmp/side/info/exclude"
  cat "$tmp/out" >>"$tmp/left"
fi
w ls-files -c -i --exclude-standard -z 2>/dev/null | among small "$large" | sed "/$odd/d" | names >"$tmp/forced"
[ ! -s "$tmp/forced" ] || a update-index --add -z --stdin <"$tmp/forced" 2>/dev/null
# A file that goes or grows while it is read fails the first look: somebody may be at work.
if ! a add -A --ignore-errors -- . >/dev/null 2>&1 && inner && ! a add -A --ignore-errors -- . >/dev/null 2>"$tmp/said"; then
  a ls-files -m -o --exclude-standard -z | lines >"$tmp/unread"
  [ -s "$tmp/unread" ] && [ "$(wc -l <"$tmp/unread")" -le 1000 ] || { cat "$tmp/said" >&2; exit 69; }
  forget "$tmp/unread"
  cat "$tmp/unread" >>"$tmp/left"
fi
inner
[ -e "$tmp/index" ] || a read-tree --empty
cp -p "$tmp/index" "$tmp/full" || fail 'the repository cannot be written'

# What git ignores, as long as it is little: a folder of packages is not.
lines <"$tmp/ignored" | sed "/$odd/d" >"$tmp/some"
lines <"$tmp/ignored" | sed -n "/$odd/p" >>"$tmp/left"
sed -n '/\\/$/!p' "$tmp/some" | names | among small "$small" >"$tmp/kept"
sed -n '/\\/$/!p' "$tmp/some" | names | among large "$small" >>"$tmp/left"
sed -n '/\\/$/p' "$tmp/some" >"$tmp/folders"
sed -n '201,$p' "$tmp/folders" >>"$tmp/left"
head -n 200 "$tmp/folders" | while IFS= read -r line; do
  folder=$(printf '%s' "$line" | tr '\\001' '\\n')
  if [ -e "./$folder.git" ]; then printf '%s\\n' "$line" >>"$tmp/left"; continue; fi
  count=$(find "./$folder" -xdev \\( -type f -o -type l \\) -print0 2>/dev/null | tr -dc '\\000' | head -c 501 | wc -c)
  if [ "$count" -gt 500 ]; then printf '%s\\n' "$line" >>"$tmp/left"; continue; fi
  find "./$folder" -xdev -name .git -prune -o \\( -type l -o -type f ! -size "+\${small}c" \\) -print0 2>/dev/null | lines | sed 's,^\\./,,' >>"$tmp/kept"
  find "./$folder" -xdev -name .git -prune -o -type f -size "+\${small}c" -print0 2>/dev/null | lines | sed 's,^\\./,,' >>"$tmp/left"
done
sed -n "/$odd/p" "$tmp/kept" >>"$tmp/left"
sed "/$odd/d" "$tmp/kept" >"$tmp/some" && mv "$tmp/some" "$tmp/kept"
sed -n "$((most + 1))"',$p' "$tmp/kept" >>"$tmp/left"
head -n "$most" "$tmp/kept" | sed 's,^,./,' >"$tmp/some"
if [ -s "$tmp/some" ]; then
  if sizes -c '%s' || sizes -f '%z'; then
    : >"$tmp/kept"
    over "$all" "$tmp/kept" "$tmp/left"
    idx=$tmp/full
    if ! names <"$tmp/kept" | a update-index --add -z --stdin 2>/dev/null; then
      cp -p "$tmp/index" "$tmp/full"
      sed 's,^\\./,,' "$tmp/kept" >>"$tmp/left"
    fi
  else
    sed 's,^\\./,,' "$tmp/some" >>"$tmp/left"
  fi
fi
idx=$tmp/full
files=$(a write-tree) || fail 'the files cannot be kept'

# Git knows only whether a file can be run; others' rights to a file that it does not track are kept beside.
{
  w ls-files -o --exclude-standard -z
  sed 's,^\\./,,' "$tmp/kept" | names
} | among odd 0 | sed "/$odd/d" | head -n 5000 | sed 's,^,./,' >"$tmp/some"
: >"$tmp/modes"
if [ -s "$tmp/some" ] && { sizes -c '%a' || sizes -f '%Lp'; }; then paste "$tmp/sizes" "$tmp/some" >"$tmp/modes"; fi

store() { w hash-object -w --no-filters --stdin; }
staged=
if [ -e .git/index ]; then
  cp .git/index "$tmp/staged"
  staged=$(GIT_INDEX_FILE="$PWD/$tmp/staged" g --git-dir=.git --work-tree=. write-tree 2>/dev/null)
else
  staged=$(a mktree </dev/null)
fi
sort -u "$tmp/left" >"$tmp/sorted"
{
  printf '040000 tree %s\\tfiles\\n' "$files"
  printf '100644 blob %s\\tleft\\n' "$(store <"$tmp/sorted")"
  printf '100644 blob %s\\tmodes\\n' "$(store <"$tmp/modes")"
  [ -z "$staged" ] || printf '040000 tree %s\\tstaged\\n' "$staged"
  # As it is, with its conflicts and flags; a very large or a divided one only as what it holds.
  if [ -f .git/index ] && [ ! -L .git/index ] && [ "$(wc -c <.git/index)" -le 4194304 ] && [ -z "$(find .git -maxdepth 1 -name 'sharedindex.*' | head -n 1)" ]; then
    printf '100644 blob %s\\tindex\\n' "$(store <.git/index)"
  fi
  for file in ${STATE_FILES}; do
    [ -f ".git/$file" ] && [ ! -L ".git/$file" ] && [ "$(wc -c <".git/$file")" -le 65536 ] || continue
    printf '100644 blob %s\\t%s\\n' "$(store <".git/$file")" "$file"
  done
} >"$tmp/parts"
tree=$(w mktree <"$tmp/parts") || fail 'the files cannot be kept'
head=$(w rev-parse -q --verify 'HEAD^{commit}')
if [ -n "$ref" ]; then
  u() { w -c core.logAllRefUpdates=false update-ref --no-deref "$@"; }
  # To the tree, not to a commit: then no log of all commits shows it.
  u "$ref" "$tree" || fail 'the ref cannot be written'
  [ -z "$head" ] || u "$ref.head" "$head" || fail 'the ref cannot be written'
  for old do u -d "$old"; u -d "$old.head"; done 2>/dev/null
  w for-each-ref --format='%(refname)' ${REFS} | while IFS= read -r one; do
    of=\${one#${REFS}}
    case ",$live," in *",\${of%%/*},"*) ;; *) u -d "$one";; esac
  done
fi
rm -rf -- "$keep/index" "$keep/full"
mv "$tmp/index" "$keep/index" && mv "$tmp/full" "$keep/full" || fail 'the repository cannot be written'
busy=0
for one in rebase-merge rebase-apply BISECT_LOG sequencer; do [ ! -e ".git/$one" ] || busy=1; done
say() { printf '%s %s\\000' "$1" "$2"; }
say tree "$tree"; say files "$files"; say staged "$staged"; say head "$head"; say busy "$busy"
say branch "$(w symbolic-ref -q HEAD)"
say count "$(wc -l <"$tmp/sorted" | tr -d ' ')"
head -n 20 "$tmp/sorted" | sed 's/^/left /' | names
`;
