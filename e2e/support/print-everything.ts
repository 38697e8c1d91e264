/**
 * For `sh`: prints what the job was given as `VAR_*`, `FILE_*` and `ONLY_*`, and the files, as they are, in base64 at
 * whatever place they have in a longer text, and in hex; then `shown-42`.
 */
export const PRINT_EVERYTHING = [
  'env | grep -E "^(VAR|FILE|ONLY)_" | sort',
  'env | base64',
  'for f in $(env | sed -n "s/^FILE_[A-Z]*=//p"); do cat "$f"; base64 "$f"; done',
  'printf %s "$VAR_PROJECT" | od -An -v -tx1 | tr -d " \\n"; echo',
  'echo shown-$((6*7))',
].join('; ');
