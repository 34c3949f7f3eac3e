#!/usr/bin/perl
# Stands before ip, nft, ovs-vsctl, sysctl, ethtool, kill, flock ... on the path (see faults.ts) and counts what netlab
# asks of them: a line of `ip -batch -` is a point, any other call is one. At point FAULT_AT it does what FAULT_HOW says:
#   alone  kills netlab; its children live on and finish what they were given
#   tree   kills netlab with all its descendants, after the lines of the batch before this one
#   fail   fails in the words of the tool;  late  does it, and then fails
#   hang   waits for the file FAULT_COUNT.go, and then does it;  SIGINT, SIGTERM  sends netlab that signal and goes on
#   undo   does it, and before it returns runs the shell script FAULT_UNDO, until that has succeeded FAULT_AT times
# With FAULT_ALL all points are written to FAULT_COUNT.all, a line each.
# FAULT_SCOPE: change (default), read, or all; FAULT_TOOL: of this tool only. With FAULT_STICKY=1 every later point, too.
use strict;
use warnings;
use Fcntl qw(:flock O_RDWR O_CREAT);

my ($tool) = $0 =~ m{([^/]+)$};
my $folder = $0 =~ s{/[^/]+$}{}r;
my ($real) = grep { -x } map { "$_/$tool" } grep { $_ ne $folder } split /:/, $ENV{PATH};
my $how = $ENV{FAULT_HOW} // "";
my $scope = $ENV{FAULT_SCOPE} // "change";
exec $real, @ARGV if $how eq "" || ($ENV{FAULT_TOOL} // $tool) ne $tool || ($scope ne "all" && $scope ne (reads() ? "read" : "change"));

my $batch = $tool eq "ip" && "@ARGV" eq "-batch -";
my @lines = $batch ? grep { /\S/ } <STDIN> : ("");
if ($how eq "undo") {
  my $code = $batch ? pass(@lines) : system($real, @ARGV) >> 8;
  undo();
  exit $code;
}
my $first = count(scalar @lines) + 1;
my $line = $ENV{FAULT_AT} - $first;
$line = 0 if $ENV{FAULT_STICKY} && $line < 0;
exit pass(@lines) if $line < 0 || $line >= @lines;

say_where($line);
if ($how eq "alone") { kill "KILL", netlab(); exit pass(@lines) }
if ($how eq "tree") { pass(@lines[0 .. $line - 1]) if $batch && $line > 0; kill_tree(netlab()) }
if ($how =~ /^SIG(.*)/) { kill $1, netlab(); exit pass(@lines) }
if ($how eq "hang") { select undef, undef, undef, 0.02 until -e "$ENV{FAULT_COUNT}.go"; exit pass(@lines) }
pass(@lines[0 .. $line - ($how eq "late" ? 0 : 1)]) if $batch ? ($line > 0 || $how eq "late") : $how eq "late";
print STDERR $batch ? "RTNETLINK answers: Injected fault\nCommand failed -:" . ($line + 1) . "\n" : "$tool: injected fault\n";
exit($tool eq "grep" ? 3 : 1); # 1 and 2 of grep mean that there is no such setting

sub reads {
  return 1 if $tool =~ /^(flock|grep|unshare|ovs-dpctl)$/;
  return grep { /^(list|-k|-j|-N)$/ } @ARGV;
}

# Adds to the count of points; says how many there were before.
sub count {
  my ($more) = @_;
  sysopen my $file, $ENV{FAULT_COUNT}, O_RDWR | O_CREAT or die "$ENV{FAULT_COUNT}: $!";
  flock $file, LOCK_EX;
  my $before = <$file> // 0;
  seek $file, 0, 0;
  print $file $before + $more;
  if ($ENV{FAULT_ALL} && open my $all, ">>", "$ENV{FAULT_COUNT}.all") { print $all "$tool " . ($batch ? $_ : "@ARGV" =~ s/\n.*//sr) =~ s/\s*$/\n/r for @lines }
  return $before;
}

# Gives lines to the real tool, or what this was given; the exit code.
sub pass {
  my @given = @_;
  exec $real, @ARGV unless $batch;
  open my $pipe, "|-", $real, @ARGV or die "$real: $!";
  print $pipe @given;
  close $pipe;
  return $? >> 8;
}

# Counts how often it has undone something.
sub undo {
  local $ENV{PATH} = join ":", grep { $_ ne $folder } split /:/, $ENV{PATH};
  count(1) if count(0) < $ENV{FAULT_AT} && system("sh", "-c", $ENV{FAULT_UNDO}) == 0;
}

sub say_where {
  my ($at) = @_;
  open my $file, ">>", "$ENV{FAULT_COUNT}.log" or die;
  print $file "$tool @ARGV", $batch ? " line " . ($at + 1) . " of " . @lines . ": $lines[$at]" : "\n";
}

sub parent { my ($pid) = @_; return slurp("/proc/$pid/stat") =~ /^\d+ \(.*\) \S (\d+)/s ? $1 : 0 }
sub slurp { open my $file, "<", $_[0] or return ""; local $/; return <$file> // "" }

# The process of netlab above this one.
sub netlab {
  for (my $pid = $$; $pid > 1; $pid = parent($pid)) { return $pid if slurp("/proc/$pid/cmdline") =~ /cli\.js/ }
  die "no netlab above $$";
}

# (Not stopped first: nsenter(1), which waits for netlab, would stop with it.)
sub kill_tree {
  my ($root) = @_;
  my %parents = map { $_ => parent($_) } map { m{(\d+)$} } glob "/proc/[0-9]*";
  my %tree = ($root => 1);
  for (1 .. 8) { $tree{$_} = 1 for grep { $tree{$parents{$_}} } keys %parents }
  kill "KILL", $root;
  kill "KILL", grep { $_ != $$ } keys %tree;
  kill "KILL", $$;
}
