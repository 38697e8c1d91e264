/**
 * Places in folders that other jobs write at this very moment. Such a job could put a link in the way between the look at
 * a place and its mount, which would show what is hidden: so it is looked at again inside, where it stands still.
 */
import { quote } from '@farhand/shared/runtime/quote';
import type { Place } from './places.ts';

/** Carries in, in order, which files the places are; `-` for one that is not there. */
const VARIABLE = 'FARHAND_WITHIN';

/** Shell text for the host: tells which file a place is, and fails where a link leads to it. */
export const IDENTITY = `farhand_identity() (
  cd -P -- "\${1%/*}/" && [ "$(pwd -P)" = "\${1%/*}" ] && [ ! -L "./\${1##*/}" ] && stat -c %d:%i -- "./\${1##*/}"
) 2>/dev/null
${VARIABLE}=
`;

/** Shell text for the host: takes what a place is to the inside. */
export const carry = (identity: string): string => `export ${VARIABLE}="$${VARIABLE} ${identity}"`;

/** Shell text for the inside: ends with 126 where a place is not what it was outside. Empty where there is none. */
export function lookAgain(places: readonly Place[]): string {
  const within = places.filter(({ isWithin }) => isWithin);
  if (within.length === 0) return '';
  const looks = within.map(
    ({ path }) => `farhand_is ${quote(path)} ${quote(asMountPoint(path))} "$1"; shift\n`,
  );
  return `farhand_is() {
  [ "$3" = - ] && return
  while read -r _ _ _ _ farhand_point _; do
    [ "$farhand_point" = "$2" ] && [ "$(stat -c %d:%i -- "$1")" = "$3" ] && return
  done </proc/self/mountinfo
  printf 'farhand: sandbox: %s leads elsewhere by a link\\n' "$1" >&2; exit 126
}
set -- $${VARIABLE}
${looks.join('')}unset ${VARIABLE} farhand_point; unset -f farhand_is
`;
}

// As the kernel lists it.
function asMountPoint(path: string): string {
  return path.replaceAll(/[ \t\n\\]/g, (letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
