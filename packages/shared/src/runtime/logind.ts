/** A host whose systemd-logind ends an account's programs at logout (logind.conf(5), KillUserProcesses). */
import { FarhandError } from '../errors/farhand-error.ts';
import type { HostFacts } from './port.ts';

/**
 * Shell function: sets `kills` to "yes", "no", or to nothing where the host does not tell. Programs in a scope of the
 * account's own service manager are spared, and that one lives on only where the account lingers: then it is "no", and
 * `scope` is what starts a program there.
 */
export const KILLS_AT_LOGOUT = `kills_at_logout() {
  kills= scope=
  command -v loginctl >/dev/null || return 0
  # Of logind itself: no user is named.
  told=$(loginctl show-user -p KillUserProcesses -p KillOnlyUsers -p KillExcludeUsers 2>/dev/null </dev/null)
  name=$(id -un)
  case $told in
    *KillUserProcesses=yes*) kills=yes ;;
    *KillUserProcesses=no*) kills=no; return ;;
    *) return 0 ;;
  esac
  only=$(echo "$told" | sed -n 's/^KillOnlyUsers=//p')
  spared=$(echo "$told" | sed -n 's/^KillExcludeUsers=//p')
  case " $only " in '  ' | *" $name "*) ;; *) kills=no ;; esac
  case " $spared " in *" $name "*) kills=no ;; esac
  [ $kills = yes ] || return 0
  case $(loginctl show-user "$name" -p Linger 2>/dev/null </dev/null) in *Linger=yes*) ;; *) return 0 ;; esac
  systemd-run --user --scope --quiet -- true >/dev/null 2>&1 </dev/null || return 0
  kills=no scope='systemd-run --user --scope --quiet --'
}
`;

/** What a person should know of this host before work is left on it alone; empty as a rule. */
export function warningsOf(facts: HostFacts): FarhandError[] {
  if (facts.killsAtLogout !== true) return [];
  return [
    new FarhandError('host.kills_at_logout', {
      message: `${facts.hostname} ends all programs of ${facts.user} when its last connection ends (KillUserProcesses).`,
      hint: `Run \`loginctl enable-linger ${facts.user}\` there once: then jobs start in a scope of their own and outlive the connection.`,
      details: { hostname: facts.hostname, user: facts.user },
    }),
  ];
}
