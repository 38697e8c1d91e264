/**
 * How a host is asked, once per connection, for the environment that a person has in a terminal there.
 *
 * Only an interactive login shell reads every start-up file: Debian's `~/.bashrc` returns at its top for any other, and
 * nvm, pyenv and their like write below. Its variables and umask come back as the text of an `export -p`, which every
 * kept shell then takes over; so start-up files run once, and what they print is nobody's output.
 */

import { KILLS_AT_LOGOUT } from '@farhand/shared/runtime/logind';

/** For start-up files that do all they do in a terminal. */
const INTERACTIVE_SECONDS = 6;
/** For those of a shell without a terminal, where the first way gave nothing. */
const PLAIN_SECONDS = 3;

// Of one session and not of the person; and CDPATH, with which the `cd` of a script prints and strays.
const SESSION_NAMES =
  'FARHAND_ASK FARHAND_MARK CDPATH PWD OLDPWD SHLVL SSH_CLIENT SSH_CONNECTION SSH_TTY COLUMNS LINES';

// Run by `sh` in the place of the login shell. One line: csh takes no other from a variable.
const ANSWER = [
  'echo',
  'echo "$FARHAND_MARK begin"',
  'farhand_end="$FARHAND_MARK end"',
  `unset ${SESSION_NAMES}`,
  'echo "umask $(umask)"',
  // They would switch options of every sh that is a bash.
  "export -p | sed -e '/^export SHELLOPTS=/d' -e '/^export BASHOPTS=/d'",
  'echo "$farhand_end"',
].join('; ');

/**
 * Shell text for a keeper (shell-program.ts): takes the environment over and prints it between two lines of the marker;
 * nothing between them where the host's shell told none in time.
 */
export const ASK_LOGIN = `farhand_mark=$farhand_a$farhand_b farhand_path=$PATH
[ -n "$SHELL" ] || SHELL=$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f7)
[ -x "$SHELL" ] || SHELL=/bin/sh
export SHELL

say() {
  case $(command -v printf) in
    # A program would have it in its argument list.
    /*) cat <<END
$1
END
    ;;
    *) printf '%s\\n' "$1" ;;
  esac
}

# Not to the end of the file: what a start-up file leaves in the background holds that open.
until_end() {
  began=0
  while IFS= read -r line; do
    [ $began = 1 ] && say "$line"
    case $line in
      "$farhand_mark begin") began=1 ;;
      "$farhand_mark end") break ;;
    esac
  done
}

# ask <seconds> <shell> <argument>…: the command is also what it reads, for csh, and for another shell in its place.
ask() {
  {
    seconds=$1
    shift
    FARHAND_MARK=$farhand_mark FARHAND_ASK=$farhand_answer
    export FARHAND_MARK FARHAND_ASK
    echo "$farhand_command" | g "$@" &
    asked=$!
    (
      sleeper=
      trap 'kill $sleeper; exit' TERM
      sleep $seconds &
      sleeper=$!
      wait $sleeper
      kill -s KILL -- "-$asked"
    ) >/dev/null &
    limit=$!
    wait $asked
    kill $limit
  } 2>/dev/null 4>&- | until_end
}

farhand_answer=${quoted(ANSWER)}
farhand_command='exec sh -c "$FARHAND_ASK"'
case \${SHELL##*/} in
  csh | tcsh) farhand_e=$(ask ${INTERACTIVE_SECONDS} "$SHELL" -l) ;;
  bash | zsh | fish | *ksh* | dash | ash | sh)
    farhand_e=$(ask ${INTERACTIVE_SECONDS} "$SHELL" -l -i -c "$farhand_command")
    case $farhand_e in *"$farhand_mark end") ;; *) farhand_e=$(ask ${PLAIN_SECONDS} "$SHELL" -l -c "$farhand_command") ;; esac ;;
  *) farhand_e= ;;
esac
case $farhand_e in *"$farhand_mark end") farhand_e=\${farhand_e%"$farhand_mark end"} ;; *) farhand_e= ;; esac
# A text that is not whole would end this shell.
(eval "$farhand_e") >/dev/null 2>&1 || farhand_e=
${KILLS_AT_LOGOUT}farhand_scope=$(kills_at_logout; echo "$scope")
# Start-up files that lose the folders of the system would leave us without our tools.
farhand_e="$farhand_e
command -v mkdir >/dev/null || PATH=$PATH:$farhand_path
unset CDPATH
export FARHAND_SCOPE='$farhand_scope'"
echo "$farhand_mark begin"
say "$farhand_e"
echo "$farhand_mark end"
eval "$farhand_e"
`;

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
