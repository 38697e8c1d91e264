/** What the login on a host hands to all that it starts, and what no sandbox takes away: open files, and kernel keys. */

/**
 * Shell text that sets `farhand_without`: what begins a command so that it has neither. Not every shell closes files above
 * 9 itself; what is closed at the next start by itself may stay. `keyctl`: the number of that system call where the login
 * has a keyring, with Kerberos tickets and the like; else null.
 */
export function leaveBehind(keyctl: number | null): string {
  // A keyring of its own, without a name.
  const join = keyctl === null ? '' : `syscall(${keyctl},1,0);`;
  const run = 'exec(@ARGV);exit(127) --';
  const keys = `farhand_without='perl -e ${join}${run}'
command -v perl >/dev/null || farhand_without=
`;
  return `farhand_without=
${keyctl === null ? '' : keys}for farhand_file in /proc/self/fdinfo/*; do
  case \${farhand_file##*/} in ?) continue ;; esac
  { read -r _ _ && read -r _ farhand_flags; } 2>/dev/null <"$farhand_file" || continue
  case $farhand_flags in *[2367]??????) continue ;; esac
  # Some shells close them themselves; for others this is a program, of a name that is not found.
  (PATH=/dev/null; eval "exec \${farhand_file##*/}>&-") 2>/dev/null && eval "exec \${farhand_file##*/}>&-" && continue
  command -v perl >/dev/null || farhand_refuse 'files of others are open, and perl is not there to close them'
  farhand_without='perl -e ${join}open(F,"<&=$_")&&close(F)for(10..4095);${run}'
done
`;
}
