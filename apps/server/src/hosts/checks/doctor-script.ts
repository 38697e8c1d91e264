/** What the doctor asks of a host: one script, which changes nothing there. */
import { WRITE_AND_DISK } from './host-scripts.ts';

/** Where agents keep their sign-in, by the program that makes it. */
export const AGENT_SIGN_INS: readonly (readonly [program: string, name: string, file: string])[] = [
  ['claude', 'Claude Code', '.claude/.credentials.json'],
  ['codex', 'Codex', '.codex/auth.json'],
  ['opencode', 'OpenCode', '.local/share/opencode/auth.json'],
  ['gemini', 'Gemini CLI', '.gemini/oauth_creds.json'],
  ['qwen', 'Qwen Code', '.qwen/oauth_creds.json'],
];

/**
 * After TELL; $1 as for WRITE_AND_DISK. Tells `now`, `uid`, `user`, modes (\`mode.home\`, \`mode.ssh\`,
 * \`mode.authorized_keys\`, \`mode.key\` with the first private key that others can read), `root_login`, `git`, `rg`,
 * `bwrap` with what it said of a try, what the kernel says of user namespaces, and \`agent.<program>\`.
 */
export const DOCTOR_SCRIPT = `
tell now "$(date +%s.%N)"
tell uid "$(id -u)"
tell user "$(id -un)"
mode() { stat -Lc %a -- "$1" 2>/dev/null || stat -Lf %Lp -- "$1" 2>/dev/null; }
tell mode.home "$(mode "$HOME")"
tell mode.ssh "$(mode "$HOME/.ssh")"
tell mode.authorized_keys "$(mode "$HOME/.ssh/authorized_keys")"
for key in "$HOME"/.ssh/*; do
  [ -f "$key" ] || continue
  head -c 40 -- "$key" 2>/dev/null | grep -q -- '-----BEGIN .*PRIVATE KEY\\|-----BEGIN OPENSSH' || continue
  case $(mode "$key") in *00) ;; *) tell mode.key "$key" ;; esac
done
sshd=$(command -v sshd || { [ -x /usr/sbin/sshd ] && echo /usr/sbin/sshd; })
root_login=
[ -z "$sshd" ] || root_login=$("$sshd" -T 2>/dev/null | sed -n 's/^permitrootlogin //p' | head -n 1)
if [ -z "$root_login" ] && [ -r /etc/ssh/sshd_config ]; then
  root_login=$(cat /etc/ssh/sshd_config.d/*.conf /etc/ssh/sshd_config 2>/dev/null | sed -n 's/^[[:space:]]*[Pp]ermit[Rr]oot[Ll]ogin[[:space:]=]*//p' | head -n 1)
  [ -n "$root_login" ] || root_login='prohibit-password'
fi
tell root_login "$root_login"
tell git "$(git --version 2>/dev/null)"
tell rg "$(rg --version 2>/dev/null | head -n 1)"
if command -v bwrap >/dev/null 2>&1; then
  tell bwrap "$(bwrap --version 2>/dev/null)"
  said=$(bwrap --ro-bind / / true 2>&1 </dev/null) && said=ok
  tell bwrap.try "\${said:-it failed without a word}"
fi
[ ! -r /proc/sys/kernel/unprivileged_userns_clone ] || tell userns.clone "$(cat /proc/sys/kernel/unprivileged_userns_clone)"
[ ! -r /proc/sys/user/max_user_namespaces ] || tell userns.max "$(cat /proc/sys/user/max_user_namespaces)"
[ ! -r /proc/sys/kernel/apparmor_restrict_unprivileged_userns ] || tell userns.apparmor "$(cat /proc/sys/kernel/apparmor_restrict_unprivileged_userns)"
if unshare -Ur true >/dev/null 2>&1; then tell userns.try ok
else command -v unshare >/dev/null 2>&1 && tell userns.try no
fi
[ ! -e /.dockerenv ] && [ ! -e /run/.containerenv ] || tell container yes
PATH="$PATH:$HOME/.local/bin:$HOME/.npm-global/bin:$HOME/.opencode/bin"
agent() {
  command -v "$1" >/dev/null 2>&1 || return 0
  if [ -s "$HOME/$2" ]; then tell "agent.$1" yes; else tell "agent.$1" no; fi
}
${AGENT_SIGN_INS.map(([program, , file]) => `agent ${program} ${file}`).join('\n')}
${WRITE_AND_DISK}`;
