/**
 * Ways out of a sandbox, each a script that prints ESCAPED where it got out. In their environment: VICTIM, a process of
 * the same account on the host; SOCKET, a socket of it there; HOST_HOME, its home folder.
 */
export interface Attempt {
  readonly name: string;
  readonly script: string;
  /** True where it works without a sandbox, which shows that it is a true attempt. */
  readonly worksOutside: boolean;
}

const reads = (name: string, path: string): Attempt => ({
  name,
  script: `[ -n "$(cat ${path} 2>/dev/null)" ] && echo ESCAPED`,
  worksOutside: true,
});
const writes = (name: string, path: string): Attempt => ({
  name,
  script: `echo x >>${path} && [ -e ${path} ] && [ "$(stat -f -c %T ${path} 2>/dev/null)" != tmpfs ] && echo ESCAPED`,
  worksOutside: true,
});
const tries = (name: string, script: string, worksOutside = false): Attempt => ({
  name,
  script,
  worksOutside,
});

const CONNECT = (address: string) =>
  `perl -MSocket -e 'socket(my $s, PF_UNIX, SOCK_STREAM, 0); connect($s, pack_sockaddr_un(${address})) and print "ESCAPED\\n"'`;

export const ATTEMPTS: readonly Attempt[] = [
  reads('a private key', '"$HOST_HOME/.ssh/id_ed25519"'),
  reads('a cloud key', '"$HOST_HOME/.aws/credentials"'),
  reads('a token of gh', '"$HOST_HOME/.config/gh/hosts.yml"'),
  reads('a password of netrc', '"$HOST_HOME/.netrc"'),
  reads('another job', '"$HOST_HOME/.farhand/jobs/job_other/run"'),
  reads('another workspace', '"$HOST_HOME/.farhand/workspaces/other/file"'),
  reads('another workspace by ..', '../other/file'),
  reads('notes in the home folder', '"$HOST_HOME/notes.txt"'),
  reads('another agent’s login', '"$HOST_HOME/.gemini/oauth.json"'),
  tries(
    'a link to a private key',
    'ln -sf "$HOST_HOME/.ssh/id_ed25519" key; grep -q PRIVATE key && echo ESCAPED; rm -f key',
    true,
  ),
  tries(
    'a link to a folder',
    'ln -sfn "$HOST_HOME" home; grep -q PRIVATE home/notes.txt && echo ESCAPED; rm -f home',
    true,
  ),
  tries('a hard link', 'ln "$HOST_HOME/notes.txt" notes 2>/dev/null && echo ESCAPED; rm -f notes', true),
  tries(
    'the home folder by its real name',
    'cat "$(readlink -f "$HOST_HOME")/notes.txt" 2>/dev/null | grep -q . && echo ESCAPED',
    true,
  ),
  tries('the root of process 1', 'grep -q PRIVATE "/proc/1/root$HOST_HOME/notes.txt" && echo ESCAPED'),
  tries(
    'the root of its parent',
    'grep -q PRIVATE "/proc/$PPID/root$HOST_HOME/notes.txt" && echo ESCAPED',
    true,
  ),
  tries('the working folder of process 1', 'ls /proc/1/cwd/../notes.txt && echo ESCAPED'),
  tries(
    'open files of process 1',
    'for fd in /proc/1/fd/*; do ls "$fd/.." && echo ESCAPED; done 2>/dev/null',
  ),
  tries(
    'own open files',
    'for fd in /proc/self/fd/*; do [ -d "$fd/" ] && [ "$(readlink "$fd")" != "/proc/$$/fd" ] && case $(readlink "$fd") in /proc/*) ;; *) echo ESCAPED ;; esac; done',
  ),
  tries('a process of the host', 'kill -0 "$VICTIM" && echo ESCAPED', true),
  tries(
    'ending a process of the host',
    'for s in 0 USR1 TERM KILL; do kill -s $s "$VICTIM" 2>/dev/null && echo ESCAPED; done',
  ),
  tries(
    'ending all processes',
    'trap "" TERM; kill -s USR2 -- -1 2>/dev/null; kill -0 "$VICTIM" && echo ESCAPED',
  ),
  tries(
    'the environment of others',
    'cat /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n" | grep -q CANARY_OF_VICTIM && echo ESCAPED',
    true,
  ),
  tries(
    'the arguments of others',
    'cat /proc/[0-9]*/cmdline | tr "\\0" " " | grep -q "CANARY_ARGU[M]ENT" && echo ESCAPED',
    true,
  ),
  tries('seeing many processes', '[ "$(ls -d /proc/[0-9]* | wc -l)" -gt 12 ] && echo ESCAPED', true),
  tries(
    'tracing a process',
    'perl -e \'my $r = syscall(101, 16, $ENV{VICTIM} + 0, 0, 0); print "ESCAPED\\n" if $r == 0\'',
    true,
  ),
  tries(
    'the memory of a process',
    'head -c 1 "/proc/$VICTIM/mem" && echo ESCAPED; cat "/proc/$VICTIM/maps" | grep -q . && echo ESCAPED',
    true,
  ),
  tries('a mount', 'mount -t tmpfs none /tmp && echo ESCAPED'),
  tries('a bind mount over what is hidden', 'mount --bind / /tmp && echo ESCAPED'),
  tries(
    'an unmount of what hides',
    'umount "$HOST_HOME" 2>/dev/null; umount -l "$HOST_HOME"; [ -e "$HOST_HOME/notes.txt" ] && echo ESCAPED',
    true,
  ),
  tries(
    'a remount',
    'mount -o remount,rw /usr && echo ESCAPED; mount -o remount,rw,bind /etc && echo ESCAPED',
  ),
  tries(
    'a namespace of its own',
    'unshare -Urm sh -c "umount -l \\"$HOST_HOME\\"; cat \\"$HOST_HOME/notes.txt\\"" | grep -q PRIVATE && echo ESCAPED',
    true,
  ),
  tries('a namespace to be root in', 'unshare -Ur true && echo ESCAPED', true),
  tries('chroot', 'chroot /proc/1/root true && echo ESCAPED'),
  tries('pivot_root', 'mkdir -p /tmp/a && pivot_root / /tmp/a && echo ESCAPED'),
  tries('the namespaces of process 1', 'nsenter -t 1 -m -p true && echo ESCAPED'),
  tries('the namespaces of the victim', 'nsenter -t "$VICTIM" -m true && echo ESCAPED'),
  tries('sudo', 'sudo -n true && echo ESCAPED'),
  tries('su', 'echo | su -c "echo ESCAPED" root 2>/dev/null | grep ESCAPED && [ "$(id -u)" != 0 ]'),
  tries(
    'a setuid program of its own',
    'cp /bin/sh ./rooted && chmod 4755 ./rooted && ./rooted -p -c "touch /usr/escaped" && echo ESCAPED; rm -f ./rooted',
  ),
  tries('a capability', 'grep -q "CapEff:.*[1-9a-f]" /proc/self/status && echo ESCAPED'),
  tries('a device of its own', 'mknod ./disk b 8 0 && echo ESCAPED; rm -f ./disk'),
  tries(
    'the disk itself',
    'for d in /dev/vda /dev/sda /dev/nvme0n1 /dev/mem /dev/kmsg; do [ -e $d ] && head -c 1 $d && echo ESCAPED; done',
  ),
  tries(
    'the kernel’s settings',
    'v=$(cat /proc/sys/vm/swappiness); echo "$v" >/proc/sys/vm/swappiness && echo ESCAPED',
  ),
  tries('the kernel’s core pattern', '[ -w /proc/sys/kernel/core_pattern ] && echo ESCAPED'),
  tries('sysrq', '[ -w /proc/sysrq-trigger ] && echo ESCAPED'),
  tries(
    'the kernel’s devices',
    'for f in /sys/kernel/uevent_helper /sys/power/state /sys/kernel/mm/ksm/run; do [ -w $f ] && echo ESCAPED; done',
  ),
  tries(
    'control groups',
    'mkdir /sys/fs/cgroup/escaped 2>/dev/null && echo ESCAPED; find /sys/fs/cgroup -name release_agent -writable 2>/dev/null | grep -q . && echo ESCAPED',
  ),
  tries('the ssh agent', '[ -n "$SSH_AUTH_SOCK$SSH_AGENT_PID" ] && echo ESCAPED', true),
  tries('a socket by its path', CONNECT('$ENV{SOCKET}'), true),
  tries(
    'docker',
    `[ -S /var/run/docker.sock ] && echo ESCAPED; [ -S /run/docker.sock ] && echo ESCAPED; ${CONNECT('"/run/docker.sock"')}`,
  ),
  tries(
    'the buses',
    `[ -n "$DBUS_SESSION_BUS_ADDRESS" ] && echo ESCAPED; ${CONNECT('"/run/dbus/system_bus_socket"')}; ls /run/user/*/* && echo ESCAPED`,
    true,
  ),
  tries('keys in the variables of the login', '[ "$(env | grep -c LOGIN-KEY)" = 0 ] || echo ESCAPED', true),
  tries(
    'the screen',
    '[ -n "$DISPLAY$WAYLAND_DISPLAY$XAUTHORITY" ] && echo ESCAPED; ls /tmp/.X11-unix/* && echo ESCAPED',
    true,
  ),
  tries(
    'keys typed into a terminal',
    'perl -e \'for my $f (*STDIN, *STDOUT, *STDERR) { my $c = "x"; print "ESCAPED\\n" if ioctl($f, 0x5412, $c) } open(my $t, "+<", "/dev/tty") and print "ESCAPED\\n"\'',
  ),
  tries('terminals of others', 'ls /dev/pts | grep -v ptmx | grep -q . && echo ESCAPED'),
  writes('the home folder', '"$HOST_HOME/escaped"'),
  writes('what a shell reads at its start', '"$HOST_HOME/.bashrc"'),
  writes('authorized keys', '"$HOST_HOME/.ssh/authorized_keys"'),
  writes('the configuration of git', '"$HOST_HOME/.gitconfig"'),
  writes('the keeper of jobs', '"$HOST_HOME/.farhand/lib/keeper"'),
  writes('another workspace’s files', '../other/file'),
  tries(
    'the system',
    'touch /usr/escaped /etc/escaped /escaped /bin/escaped /opt/escaped 2>/dev/null; ls /usr/escaped /etc/escaped /escaped /opt/escaped 2>/dev/null | grep -q . && echo ESCAPED',
  ),
  tries('the command file', 'echo true >/.farhand-command && echo ESCAPED'),
  tries(
    'a rename over what is mounted',
    'mv "$HOST_HOME/.gitconfig" "$HOST_HOME/x" && echo ESCAPED; mv "$PWD" ../moved && echo ESCAPED',
  ),
  tries(
    'shadow',
    'cat /etc/shadow /etc/sudoers /etc/ssh/ssh_host_*_key 2>/dev/null | grep -q . && echo ESCAPED',
  ),
  tries('keys of the kernel', 'keyctl show 2>/dev/null | grep -q secret && echo ESCAPED'),
  tries('shared memory', 'ls /dev/shm | grep -q . && echo ESCAPED'),
  tries('System V memory', 'ipcs -m | grep -q 0x && echo ESCAPED'),
  tries(
    'outliving the job',
    'setsid sh -c "sleep 0.5; echo ESCAPED >../../../escaped-later; touch late" >/dev/null 2>&1 &',
  ),
  tries(
    'a fifo that waits outside',
    'mkfifo "$HOST_HOME/.farhand/fifo" 2>/dev/null && [ "$(stat -f -c %T "$HOST_HOME/.farhand")" != tmpfs ] && echo ESCAPED',
    true,
  ),
  tries(
    'a nested sandbox',
    'bwrap --dev-bind / / sh -c "cat \\"$HOST_HOME/notes.txt\\"" | grep -q PRIVATE && echo ESCAPED',
    true,
  ),
  tries(
    'the name of the host',
    'hostname escaped 2>/dev/null && [ "$(hostname)" = escaped ] && echo ESCAPED',
  ),
  tries('the clock', 'date -s "$(date)" >/dev/null 2>&1 && echo ESCAPED'),
  tries('a module', 'modprobe dummy && echo ESCAPED; insmod /tmp/x.ko && echo ESCAPED'),
  tries('raw packets', 'perl -MSocket -e \'socket(my $s, PF_INET, SOCK_RAW, 1) and print "ESCAPED\\n"\''),
];
