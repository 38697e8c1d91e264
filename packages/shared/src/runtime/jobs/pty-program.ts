/**
 * What holds a terminal where util-linux's `script` is missing, as in many containers: perl, which asks the kernel for a
 * pty by the numbers of Linux, or python3. Both do as `script -e` does: bytes both ways, and the exit of the program.
 */

const PERL = `use POSIX ();
sysopen(my $tty, "/dev/ptmx", 0402) or exit 126;
my $number = pack("i", 0);
ioctl($tty, 0x40045431, $number);
ioctl($tty, 0x80045430, $number) or exit 126;
my $name = "/dev/pts/" . unpack("i", $number);
my $ended = 0;
$SIG{CHLD} = sub { $ended = 1 };
my $pid = fork();
if ($pid == 0) {
  POSIX::setsid();
  sysopen(my $line, $name, 2) or exit 126;
  ioctl($line, 0x540e, 0);
  POSIX::dup2(fileno($line), $_) for 0 .. 2;
  close($_) for $line, $tty;
  exec { $ARGV[0] } @ARGV;
  exit 127;
}
my ($input, $is_open) = ("", 1);
while (1) {
  my ($readable, $writable) = ("", "");
  vec($readable, fileno($tty), 1) = 1;
  vec($readable, 0, 1) = 1 if $is_open && length($input) < 65536;
  vec($writable, fileno($tty), 1) = 1 if length($input);
  # A signal between the look at it and here is noticed within a second.
  my $count = select($readable, $writable, undef, $ended ? 0 : 1);
  last if $ended && $count == 0;
  next if $count <= 0;
  if (vec($readable, fileno($tty), 1)) {
    my $got = sysread($tty, my $bytes, 65536);
    last unless $got;
    for (my $sent = 0; $sent < $got;) {
      my $part = syswrite(STDOUT, $bytes, $got - $sent, $sent);
      $sent += $part if defined $part;
      exit 1 unless defined $part || $!{EINTR};
    }
  }
  if ($is_open && vec($readable, 0, 1)) {
    my $got = sysread(STDIN, $input, 65536, length($input));
    $is_open = 0 unless $got;
  }
  if (length($input) && vec($writable, fileno($tty), 1)) {
    my $sent = syswrite($tty, $input, 1024);
    substr($input, 0, $sent) = "" if $sent;
  }
}
close($tty);
waitpid($pid, 0);
exit($? & 127 ? 128 + ($? & 127) : $? >> 8);`;

const PYTHON = `import os, pty, sys
status = pty.spawn(sys.argv[1:])
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))`;

/** Shell function that sets `holder` to the program that can hold a terminal; to nothing where there is none. */
export const PTY_HOLDER = `pty_holder() {
  holder=
  case $(script --version 2>/dev/null </dev/null) in *util-linux*) holder=script; return ;; esac
  # The numbers are those of these machines.
  case $(uname -sm) in
    'Linux x86_64' | 'Linux i'?86 | 'Linux aarch64' | 'Linux arm'* | 'Linux riscv64' | 'Linux s390x')
      perl -MPOSIX -e 1 2>/dev/null && [ -c /dev/ptmx ] && { holder=perl; return; } ;;
  esac
  python3 -c 'import pty' 2>/dev/null </dev/null && holder=python3
}
`;

/** Shell function `hold_pty <command> <argument>…`: becomes the holder, unless that is `script`. */
export const HOLD_PTY = `hold_pty() {
  case $holder in
    perl) exec perl -e '${PERL}' "$@" ;;
    python3) exec python3 -c '${PYTHON}' "$@" ;;
  esac
}
`;
