/**
 * The stream hub in perl, with core modules only: one process for all jobs. Linux tells of new bytes by inotify; without
 * it, or where its watches are used up, the sizes of the files are looked at. Its lines and frames are in PROTOCOL.md.
 */
export const PERL_HUB = String.raw`use strict;
use Fcntl;
use Config;

$0 = 'farhand-hub';
# The most of one stream at a time, of all in one round, and of a segment that no other follows.
my ($PIECE, $ROUND, $SMALLEST) = (65536, 262144, 1048576);
my $home = "$ENV{HOME}/.farhand/jobs";
my (%attached, %alive, %watches, @ready, @waiting);
my ($typed, $printed, $select, $idle) = ('', '', '', 0);

# inotify_init1, inotify_add_watch, inotify_rm_watch: perl has no other way to them.
my ($INIT, $ADD, $REMOVE);
if ($^O eq 'linux' && $Config{ptrsize} == 8) {
  ($INIT, $ADD, $REMOVE) = (294, 254, 255) if $Config{archname} =~ /^x86_64-/;
  ($INIT, $ADD, $REMOVE) = (26, 27, 28) if $Config{archname} =~ /^aarch64-/;
}
my ($MODIFIED, $CREATED) = (2, 256);
my $notify;
if ($INIT && !grep { $_ eq 'polling' } @ARGV) {
  my $fd = eval { syscall $INIT, 02004000 };
  open $notify, '<&=', $fd if defined $fd && $fd >= 0;
}

$SIG{PIPE} = 'IGNORE';
$SIG{$_} = \&leave for qw(TERM HUP INT);
vec($select, $_, 1) = 1 for 0, $notify ? fileno $notify : ();
put($notify ? "h perl inotify\n" : "h perl polling\n");
flush();
serve() while 1;

sub serve {
  my $timeout = @ready ? 0 : @waiting ? 0.005 : $notify || !%attached ? undef : $idle < 50 ? 0.01 : 0.05;
  my $hot = $select;
  my $found = select $hot, undef, undef, $timeout;
  if ($found > 0) {
    take_lines() if vec $hot, 0, 1;
    take_news() if $notify && vec $hot, fileno $notify, 1;
    vec($hot, $_, 1) && look_alive($alive{$_}) for keys %alive;
  }
  compare_sizes() unless $notify || @ready;
  look_for_waiting() if @waiting;
  pass_on();
  flush();
}

sub take_lines {
  sysread(STDIN, $typed, 65536, length $typed) or leave();
  while ($typed =~ s/^([^\n]*)\n//) {
    my ($verb, $n, $id, $out, $err) = split / /, $1;
    my $a = $attached{$n};
    if (defined $err && !$a && $id =~ /^job_[a-z2-7]+$/) {
      $a = $attached{$n} = { n => $n, d => "$home/$id", after => { out => $out, err => $err }, streams => [] };
      if ($verb eq 'w') { push @waiting, $a } else { begin($a) }
    } elsif (!$a) {
      next;
    } elsif ($verb eq '-') {
      put("x $n\n");
      drop($a);
    } elsif ($verb eq '=') {
      $a->{paused} = 1;
    } elsif ($verb eq '>') {
      $a->{paused} = 0;
      ready($_) for @{ $a->{streams} };
    }
  }
  leave() if length $typed > 65536;
}

sub begin {
  my ($a) = @_;
  my $d = $a->{d};
  return end($a, 'n') unless -s "$d/pid";
  if (sysopen $a->{alive}, "$d/alive", O_RDONLY | O_NONBLOCK) {
    $alive{ fileno $a->{alive} } = $a;
    vec($select, fileno $a->{alive}, 1) = 1;
    look_alive($a);
  } else {
    return end($a, 'f') unless $!{ENOENT};
    $a->{gone} = 1;
  }
  unless ($a->{gone}) {
    sweep($d);
    $a->{mark} = "$d/watch.$$.$a->{n}";
    mkdir($a->{mark}, 0700) or delete $a->{mark};
    $a->{wd} = watch($d, $CREATED, $a);
  }
  for my $name ('out', -e "$d/merged" ? () : 'err') {
    push @{ $a->{streams} }, { a => $a, name => $name, at => $a->{after}{$name} };
  }
  ready($_) for @{ $a->{streams} };
}

sub look_for_waiting {
  my @now = @waiting;
  @waiting = ();
  for my $a (@now) {
    next if $a->{over};
    if (-s "$a->{d}/pid") { begin($a) } else { push @waiting, $a }
  }
}

# The keeper alone has this fifo open for writing: the end of the file is its end.
sub look_alive {
  my ($a) = @_;
  my $got = sysread($a->{alive}, my $none, 1);
  return unless defined $got && $got == 0;
  forget_alive($a);
  $a->{gone} = 1;
  ready($_) for @{ $a->{streams} };
}

sub forget_alive {
  my ($a) = @_;
  return unless $a->{alive} && defined fileno $a->{alive};
  delete $alive{ fileno $a->{alive} };
  vec($select, fileno $a->{alive}, 1) = 0;
  close $a->{alive};
}

sub ready {
  my ($s) = @_;
  push @ready, $s unless $s->{queued}++;
}

# One piece of each stream in turn, so that a flood does not hold up a terminal.
sub pass_on {
  my @round = splice @ready;
  return unless @round;
  my $most = $ROUND / @round;
  $most = $most > $PIECE ? $PIECE : $most < 8192 ? 8192 : int $most;
  for my $s (@round) {
    my $a = $s->{a};
    $s->{queued} = 0;
    next if $a->{over} || $a->{paused};
    if (read_piece($s, $most)) { ready($s) }
    elsif ($a->{gone} && !$a->{over}) {
      $s->{done} = 1;
      end($a, 'e', status($a)) unless grep { !$_->{done} } @{ $a->{streams} };
    }
  }
}

# True where there may be more.
sub read_piece {
  my ($s, $most) = @_;
  return find_segment($s) unless $s->{file};
  my $got = sysread($s->{file}, my $bytes, $most);
  if ($got) {
    put("d $s->{a}{n} $s->{name} $s->{at} $got\n$bytes");
    $s->{at} += $got;
    return 1;
  }
  return 0 if $s->{at} - $s->{first} < $SMALLEST;
  # A segment has the name of the byte it begins with, and is made when the one before it is whole.
  return open_segment($s, $s->{at}) if -e "$s->{a}{d}/$s->{name}.$s->{at}";
  return (stat $s->{file})[3] ? 0 : find_segment($s);
}

sub find_segment {
  my ($s) = @_;
  my ($holding, $following) = (-1, -1);
  opendir(my $folder, $s->{a}{d}) or return 0;
  for (readdir $folder) {
    next unless /^$s->{name}\.(\d{1,15})$/;
    if ($1 <= $s->{at}) { $holding = $1 if $1 > $holding }
    elsif ($following < 0 || $1 < $following) { $following = $1 }
  }
  return open_segment($s, $holding) if $holding >= 0;
  return 0 if $following < 0;
  put("m $s->{a}{n} $s->{name} $s->{at} $following\n");
  $s->{at} = $following;
  return open_segment($s, $following);
}

sub open_segment {
  my ($s, $first) = @_;
  my $path = "$s->{a}{d}/$s->{name}.$first";
  unless (sysopen(my $file, $path, O_RDONLY)) {
    # Dropped just now: the next look finds another.
    return 1 if $!{ENOENT};
    end($s->{a}, 'f');
    return 0;
  } else {
    unwatch($s);
    sysseek $file, $s->{at} - $first, 0;
    @$s{ 'file', 'first' } = ($file, $first);
  }
  $s->{wd} = watch($path, $MODIFIED, $s) unless $s->{a}{gone};
  write_mark($s);
  return 1;
}

# By its mark the keeper sees which segment must not be dropped yet.
sub write_mark {
  my ($s) = @_;
  return unless $s->{a}{mark};
  my $mark = $s->{a}{mark};
  open(my $file, '>', "$mark/new") or return;
  print $file "$s->{first}\n";
  close $file && rename "$mark/new", "$mark/$s->{name}.at";
}

# What a hub left that was killed.
sub sweep {
  my ($d) = @_;
  for my $mark (glob_of($d, qr/^watch\.(\d+)\.\d+$/)) { erase("$d/$mark") unless $mark =~ /\.(\d+)\./ && kill 0, $1 }
}

sub glob_of {
  my ($d, $pattern) = @_;
  opendir(my $folder, $d) or return;
  return grep { $_ =~ $pattern } readdir $folder;
}

sub erase {
  my ($mark) = @_;
  unlink map { "$mark/$_" } 'new', 'out.at', 'err.at';
  rmdir $mark;
}

sub end {
  my ($a, @words) = @_;
  splice @words, 1, 0, $a->{n};
  put("@words\n");
  drop($a);
}

sub drop {
  my ($a) = @_;
  $a->{over} = 1;
  forget_alive($a);
  unwatch($a);
  for my $s (@{ $a->{streams} }) {
    unwatch($s);
    close $s->{file} if $s->{file};
  }
  erase($a->{mark}) if $a->{mark};
  delete $attached{ $a->{n} };
  $a->{streams} = [];
}

sub status {
  my ($a) = @_;
  my $exit = first_line("$a->{d}/exit");
  return $exit if $exit =~ /^[A-Za-z0-9+ -]{1,60} \.$/;
  my $then = (split ' ', first_line("$a->{d}/pid"))[4];
  my $now = first_line('/proc/sys/kernel/random/boot_id');
  return $now ne '' && defined $then && $then ne '-' && $then ne $now ? 'rebooted' : 'lost';
}

sub first_line {
  open(my $file, '<', $_[0]) or return '';
  read $file, my $text, 256;
  return $text =~ /^([^\n]*)/ ? $1 : '';
}

sub watch {
  my ($path, $what, $who) = @_;
  return unless $notify;
  my $wd = syscall $ADD, fileno $notify, $path, $what;
  if ($wd >= 0) {
    $watches{$wd}{$who} = $who;
    return $wd;
  }
  return if $!{ENOENT};
  # No more watches on this host: from now on by looking.
  vec($select, fileno $notify, 1) = 0;
  close $notify;
  undef $notify;
  %watches = ();
  return;
}

sub unwatch {
  my ($who) = @_;
  my $wd = delete $who->{wd};
  return unless $notify && defined $wd && $watches{$wd};
  delete $watches{$wd}{$who};
  return if %{ $watches{$wd} };
  delete $watches{$wd};
  syscall $REMOVE, fileno $notify, $wd;
}

sub take_news {
  sysread($notify, my $news, 65536) or return;
  while (length $news >= 16) {
    my ($wd, undef, undef, $length) = unpack 'iIII', $news;
    substr $news, 0, 16 + $length, '';
    # -1: there was more than the kernel could tell.
    my @who = $wd < 0 ? values %attached : values %{ $watches{$wd} || {} };
    ready($_) for map { $_->{streams} ? @{ $_->{streams} } : $_ } @who;
  }
}

sub compare_sizes {
  $idle++;
  for my $s (map { @{ $_->{streams} } } values %attached) {
    next if $s->{a}{paused};
    my ($links, $size) = $s->{file} ? (stat $s->{file})[3, 7] : (0, 0);
    my $read = $s->{at} - ($s->{first} || 0);
    next if $links && $size <= $read && ($read < $SMALLEST || !-e "$s->{a}{d}/$s->{name}.$s->{at}");
    $idle = 0;
    ready($s);
  }
}

sub put {
  $printed .= $_[0];
  flush() if length $printed > $PIECE;
}

sub flush {
  while (length $printed) {
    my $sent = syswrite STDOUT, $printed;
    if (defined $sent) { substr $printed, 0, $sent, '' }
    elsif (!$!{EINTR}) { leave() }
  }
}

sub leave {
  erase($_) for grep { defined } map { $_->{mark} } values %attached;
  exit 0;
}
`;
