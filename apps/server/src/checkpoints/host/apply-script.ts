import { OVER_FILES, STATE_FILES } from './take-script.ts';

/*
 * Arguments: folder, what is kept of now and of then (trees of TAKE), the commit and branch of then ('' for none), 1 to
 * put back commit, branch and index too. TAKE ran just before: its index says what each file was then, and git refuses
 * where one has changed since. Git itself writes the files: it never writes through a symlink. Done twice, it is the same.
 */
export const APPLY = `${OVER_FILES}
now=$2 then=$3 head=$4 branch=$5 whole=$6
lock=.git/index.lock
if [ "$whole" = 1 ]; then
  # Of ours, left by one that was killed.
  case $(head -c 40 "$lock" 2>/dev/null) in farhand\\ *) kill -0 "$(cut -d ' ' -f 2 "$lock")" 2>/dev/null || rm -f "$lock";; esac
  (set -C; echo "farhand $$" >"$lock") 2>/dev/null || fail 'another git is at work in the workspace (.git/index.lock)'
  trap 'rm -rf "$tmp"; rm -f "$lock"' EXIT
fi
plain "$keep/full" && cp -p "$keep/full" "$tmp/index" || fail 'the files were not looked at'
[ "$(a write-tree)" = "$(w rev-parse "$now:files")" ] || fail 'the files were looked at anew'
{ w cat-file blob "$now:left"; w cat-file blob "$then:left"; } >"$tmp/left" || fail 'the checkpoint is gone'
w diff-tree -r --raw -z --no-renames --no-abbrev "$now:files" "$then:files" | lines >"$tmp/changes" || fail 'the checkpoint is gone'
# Two lines for each: what it is, and its name. What was left out then or now is left alone, with all below it.
: >"$tmp/skipped"
awk -v skipped="$tmp/skipped" -v done="$tmp/done" '
  FILENAME == ARGV[1] { left[$0] = 1; next }
  FNR % 2 { split(substr($0, 2), meta, " "); next }
  {
    parts = split($0, part, "/"); at = ""
    for (i = 1; i <= parts; i++) {
      at = at part[i]
      if ((at in left) || ((at "/") in left)) { print >skipped; next }
      at = at "/"
    }
    if (meta[2] == "000000") printf "0 %s\\t%s\\n", meta[4], $0; else printf "%s %s\\t%s\\n", meta[2], meta[4], $0
  }' "$tmp/left" "$tmp/changes" >"$tmp/todo"
count=$(wc -l <"$tmp/todo" | tr -d ' ')
if [ "$count" -gt 0 ]; then
  cp -p "$tmp/index" "$tmp/wanted"
  idx=$tmp/wanted
  # What goes first: a file may come in the place of a folder.
  { grep '^0 ' "$tmp/todo"; grep -v '^0 ' "$tmp/todo"; } | names | a update-index -z --index-info || fail 'the checkpoint cannot be read'
  wanted=$(a write-tree) || fail 'the checkpoint is gone'
  idx=$tmp/index
  a read-tree -m -u "$(a write-tree)" "$wanted" >/dev/null 2>"$tmp/said" || { sed -n '1,20p' "$tmp/said" >&2; exit 71; }
fi
w cat-file blob "$then:modes" | grep '^[0-7]*	\\./' | while IFS= read -r line; do
  file=$(printf '%s\\n.' "\${line#*	}" | tr '\\001' '\\n')
  file=\${file%??}
  mode=\${line%%	*}
  while [ "\${#mode}" -gt 3 ]; do mode=\${mode#?}; done
  # What was left alone may lie behind a folder that is a link by now.
  at=$file
  while [ ! -L "$at" ] && [ "$at" != . ]; do at=\${at%/*}; done
  [ "$at" = . ] && [ -f "$file" ] && [ -n "$mode" ] && find "$file" -maxdepth 0 -type f ! -perm "$mode" -exec chmod "$mode" {} \\;
done 2>/dev/null
if [ "$whole" = 1 ]; then
  part() { w rev-parse -q --verify "$1:$2"; }
  staged=$(part "$then" staged) raw=$(part "$then" index)
  if [ -z "$staged" ] || [ "$staged" != "$(part "$now" staged)" ]; then
    if [ -n "$raw" ]; then
      w cat-file blob "$raw" >"$lock" && mv "$lock" .git/index || fail 'the index cannot be written'
    elif [ -n "$staged" ]; then
      GIT_INDEX_FILE="$PWD/$tmp/staged" g --git-dir=.git --work-tree=. read-tree "$staged" && mv "$tmp/staged" .git/index || fail 'the index cannot be written'
    fi
  fi
  said='farhand: rewound'
  if [ -n "$branch" ]; then
    [ "$(w symbolic-ref -q HEAD)" = "$branch" ] || w symbolic-ref -m "$said" HEAD "$branch" || fail 'the branch cannot be checked out'
    if [ "$(w rev-parse -q --verify "$branch^{commit}")" != "$head" ]; then
      if [ -n "$head" ]; then w update-ref -m "$said" "$branch" "$head"; else w update-ref -m "$said" -d "$branch"; fi || fail 'the branch cannot be put back'
    fi
  elif [ -n "$head" ]; then
    if w symbolic-ref -q HEAD >/dev/null || [ "$(w rev-parse -q --verify 'HEAD^{commit}')" != "$head" ]; then
      w update-ref --no-deref -m "$said" HEAD "$head" || fail 'the commit cannot be checked out'
    fi
  fi
  for file in ${STATE_FILES}; do
    if blob=$(part "$then" "$file"); then
      rm -f ".git/$file" && w cat-file blob "$blob" >".git/$file"
    else
      rm -f ".git/$file"
    fi
  done
fi
printf 'count %s\\000' "$count"
head -n 20 "$tmp/skipped" | sed 's/^/left /' | names
`;
