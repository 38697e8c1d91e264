/** A git that knows no more than git 2.20 did, for a host of tests: it stands on the PATH before the true one. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Subcommands since then, as of git's release notes 2.21 to 2.45. */
const NEW_COMMANDS =
  'switch restore sparse-checkout maintenance hook bugreport diagnose for-each-repo scalar backfill replay refs';

/** Options since then, by subcommand; `*` for all. An option with a value is meant with and without it. */
const NEW_OPTIONS: Readonly<Record<string, string>> = {
  add: '--pathspec-from-file --pathspec-file-nul --sparse',
  apply: '--allow-empty',
  branch: '--show-current --recurse-submodules',
  bundle: '--version --filter --progress --quiet',
  'cat-file': '--batch-command -z -Z --use-mailmap --mailmap',
  checkout: '--pathspec-from-file --pathspec-file-nul --overlay --no-overlay --guess',
  clean: '',
  clone: '--sparse --remote-submodules --reject-shallow --bundle-uri --also-filter-submodules --ref-format',
  commit: '--pathspec-from-file --pathspec-file-nul --trailer',
  config: '--fixed-value --show-scope --comment',
  diff: '-I --ignore-matching-lines --merge-base --skip-to --rotate-to --diff-merges --default-prefix',
  'diff-index': '--merge-base -I',
  fetch:
    '--write-commit-graph --no-write-fetch-head --write-fetch-head --stdin --porcelain --negotiate-only --refetch --atomic --prefetch --set-upstream --auto-maintenance --no-auto-maintenance --show-forced-updates --no-show-forced-updates',
  'for-each-ref': '--stdin --exclude --omit-empty --include-root-refs --start-after',
  fsck: '',
  'hash-object': '',
  'index-pack': '--object-format --progress-title',
  init: '-b --initial-branch --object-format --ref-format',
  log: '--diff-merges --no-diff-merges -I --exclude-hidden --since-as-filter',
  'ls-files': '--deduplicate --format --sparse',
  'ls-remote': '--branches',
  'ls-tree': '--format --object-only',
  'pack-objects': '--stdin-packs --cruft --write-bitmap-index-quiet --exclude-promisor-objects-best-effort',
  'pack-refs': '--auto --include --exclude',
  reset: '--pathspec-from-file --pathspec-file-nul --no-refresh --refresh',
  'rev-list':
    '--disk-usage --no-object-names --object-names --exclude-hidden --exclude-first-parent-only --no-commit-header --commit-header --unsorted-input -z',
  'rev-parse': '--path-format --show-object-format --show-ref-format --exclude-hidden',
  rm: '--pathspec-from-file --pathspec-file-nul --sparse',
  stash: '--pathspec-from-file --pathspec-file-nul --staged -S --only-untracked --include-untracked-show',
  status: '',
  'symbolic-ref': '--recurse --no-recurse',
  'unpack-objects': '--max-input-objects',
  'update-index': '--index-version-show --show-index-version',
  'update-ref': '--batch-updates',
  worktree: '--orphan -z --relative-paths',
  '*': '--config-env --super-prefix --list-cmds-all --no-lazy-fetch --no-advice',
};

/** Writes the wrapper into `folder`, and into `folder/calls` each subcommand that it is asked for. */
export function writeOldGit(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const rules = Object.entries(NEW_OPTIONS)
    .filter(([name, options]) => name !== '*' && options !== '')
    .map(([name, options]) => `  ${name}) new=' ${options} ' ;;`);
  const text = `#!/bin/sh
refuse() { echo "error: unknown option or command: $1" >&2; echo "$1" >>'${folder}/refused'; exit 129; }
# Of git 2.31 and 2.32: an older one takes no notice of them.
unset GIT_CONFIG_COUNT GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_CONFIG_PARAMETERS_NEW
skip=0
command=
for word; do
  [ $skip = 1 ] && { skip=0; continue; }
  case $word in
    -c | -C | --git-dir | --work-tree | --exec-path | --namespace) skip=1 ;;
    --version) echo 'git version 2.20.1'; exit 0 ;;
    --*) case ' ${NEW_OPTIONS['*']} ' in *" \${word%%=*} "*) refuse "$word" ;; esac ;;
    *) command=$word; break ;;
  esac
done
echo "$command" >>'${folder}/calls'
[ "$command" = version ] && { echo 'git version 2.20.1'; exit 0; }
case ' ${NEW_COMMANDS} ' in *" $command "*) refuse "$command" ;; esac
new=
case $command in
${rules.join('\n')}
esac
is_after=0
for word; do
  [ $is_after = 1 ] && [ "$word" = -- ] && break
  [ "$word" = "$command" ] && is_after=1
  [ $is_after = 0 ] && continue
  case $word in -*) case $new in *" \${word%%=*} "*) refuse "$command $word" ;; esac ;; esac
done
exec '${git}' "$@"
`;
  writeFileSync(path.join(folder, 'git'), text, { mode: 0o755 });
}
